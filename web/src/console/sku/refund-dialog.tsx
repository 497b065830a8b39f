/** Gives back units of a deduction: all that is left of it, or a part. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { request } from "../api/request";
import { useText } from "../i18n";
import { BeforeAfter } from "../shared/before-after";
import { ChangeSteps } from "../shared/change-steps";
import { Dialog } from "../shared/dialog";
import { quantity } from "../shared/format";
import { NumberField, wholeNumber } from "../shared/number-field";
import { TextField } from "../shared/text-field";
import { toast } from "../shared/toast";
import { useChange } from "../shared/use-change";
import { REFUND } from "./entry-queries";

const REASON_CHARACTERS_MAX = 500;

interface RefundDialogProps {
  deduction: {
    id: string;
    skuId: string;
    orderDetailId: string | null;
    quantityTrade: number;
    refundableQuantity: number;
  };
  /** What the SKU has now; undefined where the visitor does not see it. */
  amount: number | undefined;
  onClose: () => void;
}

export function RefundDialog({ deduction, amount, onClose }: RefundDialogProps) {
  const { t } = useText();
  const { id, skuId, refundableQuantity, quantityTrade } = deduction;
  const [units, setUnits] = useState(String(refundableQuantity));
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const unitsMax = Math.max(refundableQuantity, 1);
  const wanted = wholeNumber(units, 1, unitsMax);
  const change = useChange({
    thing: `refund:${id}`,
    input: { flowId: id, quantity: wanted ?? 0, reason: reason.trim() || null },
    send: (input, idempotencyKey) => request(REFUND, { input: { ...input, idempotencyKey } }),
    errorsOf: (answer) => answer.inventoryRefund.userErrors,
    onDone: ({ inventoryRefund: { flow, replayed } }) => {
      const left = quantity(flow?.quantityAfter ?? 0);
      const given = quantity(-(flow?.quantityTrade ?? -(wanted ?? 0)));
      toast(replayed ? t("stock:replayed") : t("sku:refunded", { given, skuId, quantity: left }));
      onClose();
    },
  });
  // Somebody else has given back meanwhile: what is left of it is asked for again.
  const queries = useQueryClient();
  const refused = change.refusals.length > 0;
  useEffect(() => {
    if (refused) void queries.invalidateQueries({ queryKey: ["entry", id] });
  }, [refused, queries, id]);
  return (
    <Dialog
      open
      title={t("sku:refundTitle", { id })}
      onClose={onClose}
      focus={field}
      busy={change.sending}
    >
      <p>
        {t("sku:refundableOf", { refundable: quantity(refundableQuantity), taken: quantity(quantityTrade) })}
      </p>
      <ChangeSteps
        change={change}
        onCancel={onClose}
        check={() => {
          setTried(true);
          return wanted !== undefined;
        }}
        review={
          <>
            {amount !== undefined && (
              <>
                <p className="review-of">{t("sku:stockOf", { skuId })}</p>
                <BeforeAfter before={amount} after={amount + (wanted ?? 0)} />
              </>
            )}
            <p className="review-of">{t("sku:refundable")}</p>
            <BeforeAfter before={refundableQuantity} after={Math.max(refundableQuantity - (wanted ?? 0), 0)} />
          </>
        }
      >
        <NumberField
          label={t("sku:refundUnits")}
          value={units}
          onChange={setUnits}
          min={1}
          max={unitsMax}
          tried={tried}
          field={field}
        />
        <TextField
          label={t("field.reason")}
          value={reason}
          onChange={setReason}
          charactersMax={REASON_CHARACTERS_MAX}
        />
      </ChangeSteps>
    </Dialog>
  );
}
