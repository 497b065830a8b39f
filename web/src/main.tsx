import "graphiql/setup-workers/vite";
import "graphiql/style.css";
import "@graphiql/plugin-explorer/style.css";
import "./page.css";

import { explorerPlugin } from "@graphiql/plugin-explorer";
import { GraphiQL, HISTORY_PLUGIN } from "graphiql";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { fetcher } from "./fetcher";
import { FillIds } from "./fill-ids";
import { FollowTheme } from "./follow-theme";
import { openTabs } from "./tabs";

const plugins = [HISTORY_PLUGIN, explorerPlugin()];

const element = document.getElementById("page");
if (element !== null) {
  createRoot(element).render(
    <StrictMode>
      <GraphiQL
        fetcher={fetcher}
        plugins={plugins}
        defaultEditorToolsVisibility="variables"
        {...openTabs()}
      >
        <GraphiQL.Logo>
          <span className="stockflow-logo">stockflow</span>
          <a className="console-link" href="/console">
            Console
          </a>
        </GraphiQL.Logo>
        <FillIds />
        <FollowTheme />
      </GraphiQL>
    </StrictMode>,
  );
}
