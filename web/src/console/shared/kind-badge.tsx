import type { InventoryFlowKind } from "../api/generated/graphql";
import { useText } from "../i18n";
import "./kind-badge.css";

/** What was done, as a word with a colour of its own. */
export function KindBadge({ kind }: { kind: InventoryFlowKind }) {
  const { t } = useText();
  return <span className={`kind kind-${kind.toLowerCase()}`}>{t(`kind.${kind}`)}</span>;
}
