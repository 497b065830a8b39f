/** What is around every view: where one can go, whether amounts are live, and what the visitor prefers. */
import type { ReactNode } from "react";
import { Link, useRoute } from "wouter";

import { useText } from "../i18n";
import { TokenDialog } from "../session/token-dialog";
import { Toasts } from "../shared/toast";
import { LiveBadge } from "./live-badge";
import { Preferences } from "./preferences";
import { Shortcuts } from "./shortcuts";
import { WaitingBadge } from "./waiting-badge";

export const VIEWS = [
  { name: "stock", path: "/stock", pattern: /^\/(stock|sku)(\/.*)?$/ },
  { name: "order", path: "/order", pattern: /^\/order(\/.*)?$/ },
  { name: "audit", path: "/audit", pattern: /^\/audit(\/.*)?$/ },
  { name: "counts", path: "/counts", pattern: /^\/counts(\/.*)?$/ },
] as const;

export function Frame({ children }: { children: ReactNode }) {
  const { t } = useText();
  return (
    <>
      <a className="skip" href="#view">
        {t("skip")}
      </a>
      <header className="frame">
        <p className="brand">
          <Link href="/stock">stockflow</Link>
        </p>
        <nav aria-label={t("navigation")}>
          {VIEWS.map((view) => (
            <ViewLink key={view.name} view={view} />
          ))}
        </nav>
        <div className="frame-end">
          <WaitingBadge />
          <LiveBadge />
          <Preferences />
        </div>
      </header>
      <main id="view" tabIndex={-1}>
        {children}
      </main>
      <Toasts />
      <TokenDialog />
      <Shortcuts />
    </>
  );
}

function ViewLink({ view }: { view: (typeof VIEWS)[number] }) {
  const { t } = useText();
  const [current] = useRoute(view.pattern);
  return (
    <Link href={view.path} aria-current={current ? "page" : undefined}>
      {t(`pages.${view.name}`)}
    </Link>
  );
}
