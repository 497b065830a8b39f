/** Tells of a change that was sent before and has no answer, and has another one accepted. */
import { useText } from "../i18n";
import "./unsettled-notice.css";
import type { useChange } from "./use-change";

export function UnsettledNotice({ change }: { change: ReturnType<typeof useChange> }) {
  const { t } = useText();
  if (change.unsettled === undefined) return null;
  if (change.unsettled === "same") {
    return (
      <div className="unsettled">
        <p>{t("unsettled.same")}</p>
      </div>
    );
  }
  return (
    <div className="unsettled" role="alert">
      <p>{t("unsettled.other")}</p>
      <label className="check">
        <input
          type="checkbox"
          checked={change.accepted}
          onChange={(event) => change.accept(event.target.checked)}
        />
        <span>{t("unsettled.accept")}</span>
      </label>
    </div>
  );
}
