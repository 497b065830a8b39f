import type { InventoryCountStatus } from "../api/generated/graphql";
import { useText } from "../i18n";

const TONES = { OPEN: "warn", COMPLETED: "good", ABANDONED: "" } as const;

/** How far a stocktake has come, and whether it is blind. */
export function CountBadges({ status, blind }: { status: InventoryCountStatus; blind: boolean }) {
  const { t } = useText();
  return (
    <span className="badges">
      <span className={`badge ${TONES[status]}`}>{t(`counts:status.${status}`)}</span>
      {blind && (
        <span className="badge" title={t("counts:blindHelp")}>
          {t("counts:blind")}
        </span>
      )}
    </span>
  );
}
