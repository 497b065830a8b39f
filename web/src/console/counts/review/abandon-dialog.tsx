import { request } from "../../api/request";
import { useText } from "../../i18n";
import { Dialog } from "../../shared/dialog";
import { quantity } from "../../shared/format";
import { Failure } from "../../shared/states";
import { toast } from "../../shared/toast";
import { useChange } from "../../shared/use-change";
import { CountErrors } from "../count-errors";
import { COUNT_ABANDON } from "../count-queries";
import type { CountHead } from "../counting/places";

/** Gives a stocktake up, once somebody has read what that means. */
export function AbandonDialog({ head, onClose }: { head: CountHead; onClose: () => void }) {
  const { t } = useText();
  const change = useChange({
    thing: `abandon:${head.id}`,
    input: { countId: head.id },
    send: (input) => request(COUNT_ABANDON, { input }),
    errorsOf: (answer) => answer.inventoryCountAbandon.userErrors,
    onDone: () => {
      toast(t("counts:abandoned", { id: head.id }));
      onClose();
    },
  });
  return (
    <Dialog open title={t("counts:abandonTitle", { id: head.id })} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          change.send();
        }}
      >
        <p>{t("counts:abandonHelp", { n: quantity(head.revision) })}</p>
        <CountErrors errors={change.refusals} />
        {change.error !== null && <Failure error={change.error} />}
        <div className="actions">
          <button type="submit" className="primary" disabled={change.sending}>
            {t("counts:abandonConfirm")}
          </button>
          <button type="button" autoFocus onClick={onClose}>
            {t("action.cancel")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
