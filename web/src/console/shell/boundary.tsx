/** Around the views: one that cannot be shown leaves the rest of the page as it is. */
import { Component, type ReactNode } from "react";
import { useLocation } from "wouter";

import { useText } from "../i18n";

export function ViewBoundary({ children }: { children: ReactNode }) {
  const [path] = useLocation();
  return <Boundary path={path}>{children}</Boundary>;
}

interface BoundaryProps {
  path: string;
  children: ReactNode;
}

interface BoundaryState {
  path: string;
  broken: boolean;
}

class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state = { path: this.props.path, broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  /** Another address is another attempt. */
  static getDerivedStateFromProps({ path }: BoundaryProps, state: BoundaryState) {
    return path === state.path ? null : { path, broken: false };
  }

  override render() {
    return this.state.broken ? <Broken /> : this.props.children;
  }
}

function Broken() {
  const { t } = useText();
  return (
    <div className="state" role="alert">
      <h2>{t("state.brokenTitle")}</h2>
      <p>{t(navigator.onLine ? "state.brokenHelp" : "state.brokenOffline")}</p>
      <button type="button" className="primary" onClick={() => location.reload()}>
        {t("state.reload")}
      </button>
    </div>
  );
}
