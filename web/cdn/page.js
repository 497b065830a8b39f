import "graphiql/setup-workers/esm.sh";
import { explorerPlugin } from "@graphiql/plugin-explorer";
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL, HISTORY_PLUGIN } from "graphiql";
import { createElement } from "react";
import { createRoot } from "react-dom/client";

createRoot(document.getElementById("page")).render(
  createElement(GraphiQL, {
    fetcher: createGraphiQLFetcher({ url: new URL("/graphql", location.origin).href }),
    plugins: [HISTORY_PLUGIN, explorerPlugin()],
  }),
);
