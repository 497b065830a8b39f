/** What a view shows instead of its content: that it loads, that there is none, what went wrong. */
import type { ReactNode } from "react";

import { ApiError, NetworkError } from "../api/errors";
import { useText } from "../i18n";
import { openTokenDialog } from "../session/token-dialog";

/** As high as what is expected, so that nothing moves when it comes. */
export function Loading({ lines = 8 }: { lines?: number }) {
  const { t } = useText();
  return (
    <div className="loading" role="status">
      <span className="visually-hidden">{t("state.loading")}</span>
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} className="loading-line" />
      ))}
    </div>
  );
}

export function Empty(props: { title?: string; help?: string; children?: ReactNode }) {
  const { t } = useText();
  return (
    <div className="state">
      <h2>{props.title ?? t("state.emptyTitle")}</h2>
      {props.help !== undefined && <p>{props.help}</p>}
      {props.children}
    </div>
  );
}

interface OutdatedProps {
  query: {
    error: unknown;
    isError: boolean;
    refetch: () => unknown;
    isFetchNextPageError?: boolean;
    fetchNextPage?: () => unknown;
  };
}

/** Above what is still shown: that it could not be asked for anew, or not more of it. */
export function Outdated({ query }: OutdatedProps) {
  if (!query.isError) return null;
  const again = query.isFetchNextPageError === true ? query.fetchNextPage : undefined;
  return (
    <div className="outdated">
      <Failure error={query.error} onRetry={() => void (again ?? query.refetch)()} />
    </div>
  );
}

/** What went wrong, and what the visitor can do about it. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: (() => void) | undefined }) {
  const { t } = useText();
  const again = onRetry !== undefined && (
    <button type="button" onClick={onRetry}>
      {t("state.again")}
    </button>
  );
  if (error instanceof NetworkError) {
    return (
      <div className="state" role="alert">
        <h2>{t("state.offlineTitle")}</h2>
        <p>{t("state.offlineHelp")}</p>
        {again}
      </div>
    );
  }
  if (error instanceof ApiError && error.code === "FORBIDDEN") {
    return (
      <div className="state" role="alert">
        <h2>{t("state.forbiddenTitle")}</h2>
        <p>
          {error.scopes.length > 0
            ? t("state.forbiddenHelp", { scopes: error.scopes.join(" / ") })
            : error.message}
        </p>
        <button type="button" onClick={openTokenDialog}>
          {t("state.enterToken")}
        </button>
      </div>
    );
  }
  if (error instanceof ApiError && error.code === "UNAUTHENTICATED") {
    return (
      <div className="state" role="alert">
        <h2>{t("state.unauthenticatedTitle")}</h2>
        <p>{t("state.unauthenticatedHelp")}</p>
        <button type="button" className="primary" onClick={openTokenDialog}>
          {t("state.enterToken")}
        </button>
      </div>
    );
  }
  const known = error instanceof ApiError ? error : undefined;
  return (
    <div className="state" role="alert">
      <h2>{t("state.failedTitle")}</h2>
      <p>{known?.retryable ? t("state.failedAgain") : t("state.failedFinal")}</p>
      <p>{known?.message ?? String(error)}</p>
      {known?.requestId !== undefined && (
        <p className="faint">{t("state.requestId", { id: known.requestId })}</p>
      )}
      {again}
    </div>
  );
}
