/** A change in two steps: what to do, and a look at what it will do. */
import { useState, type ReactNode } from "react";

import { useText } from "../i18n";
import { Failure } from "./states";
import { UnsettledNotice } from "./unsettled-notice";
import type { useChange } from "./use-change";
import { UserErrors } from "./user-errors";

interface ChangeStepsProps {
  change: ReturnType<typeof useChange>;
  /** The fields of the first step. */
  children: ReactNode;
  /** What the second step shows: before and after. */
  review: ReactNode;
  /** Whether the fields say something that can be sent; tells the fields that they were tried. */
  check: () => boolean;
  onCancel: () => void;
}

export function ChangeSteps({ change, children, review, check, onCancel }: ChangeStepsProps) {
  const { t } = useText();
  const [reviewing, setReviewing] = useState(false);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (reviewing) change.send();
        else if (check()) setReviewing(true);
      }}
    >
      {reviewing ? review : children}
      <UserErrors errors={change.refusals} />
      {change.error !== null && <Failure error={change.error} />}
      {reviewing && <UnsettledNotice change={change} />}
      <div className="actions">
        {/* A key of its own for each, so that the browser moves the focus to what Enter does next. */}
        {reviewing ? (
          <button
            key="confirm"
            type="submit"
            className="primary"
            autoFocus
            disabled={change.sending || !change.accepted}
          >
            {t("action.confirm")}
          </button>
        ) : (
          <button key="review" type="submit" className="primary">
            {t("stock:review")}
          </button>
        )}
        {reviewing && (
          <button
            type="button"
            disabled={change.sending}
            onClick={() => {
              change.reset();
              setReviewing(false);
            }}
          >
            {t("stock:change")}
          </button>
        )}
        <button type="button" disabled={change.sending} onClick={onCancel}>
          {t("action.cancel")}
        </button>
      </div>
    </form>
  );
}
