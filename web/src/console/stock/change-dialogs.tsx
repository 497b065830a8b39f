/** The changes of one SKU's amount: units that came in, and what a count has found. */
import { useRef, useState } from "react";

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
import { REPLENISH, SET_QUANTITY } from "./stock-queries";

const UNITS_MAX = 1_000_000;
const REASON_CHARACTERS_MAX = 500;

export interface ChangedStock {
  skuId: string;
  leavedAmount: number;
}

interface ChangeDialogProps {
  stock: ChangedStock;
  onClose: () => void;
}

export function ReplenishDialog({ stock, onClose }: ChangeDialogProps) {
  const { t } = useText();
  const { skuId } = stock;
  const [units, setUnits] = useState("");
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const wanted = wholeNumber(units, 1, UNITS_MAX);
  const change = useChange({
    thing: `replenish:${skuId}`,
    input: { skuId, quantity: wanted ?? 0, reason: reason.trim() || null },
    send: (input, idempotencyKey) => request(REPLENISH, { input: { ...input, idempotencyKey } }),
    errorsOf: (answer) => answer.inventoryReplenish.userErrors,
    onDone: ({ inventoryReplenish: { flow, replayed } }) => {
      const left = quantity(flow?.quantityAfter ?? 0);
      toast(replayed ? t("stock:replayed") : t("stock:replenished", { skuId, quantity: left }));
      onClose();
    },
  });
  return (
    <Dialog
      open
      title={t("stock:replenishTitle", { skuId })}
      onClose={onClose}
      focus={field}
      busy={change.sending}
    >
      <p>{t("stock:replenishHelp")}</p>
      <ChangeSteps
        change={change}
        onCancel={onClose}
        check={() => {
          setTried(true);
          return wanted !== undefined;
        }}
        review={
          <BeforeAfter before={stock.leavedAmount} after={stock.leavedAmount + (wanted ?? 0)} />
        }
      >
        <NumberField
          label={t("stock:units")}
          value={units}
          onChange={setUnits}
          min={1}
          max={UNITS_MAX}
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

export function SetQuantityDialog({ stock, onClose }: ChangeDialogProps) {
  const { t } = useText();
  // What the visitor believes is what they saw when they began, whatever is sold meanwhile.
  const [believed, setBelieved] = useState(stock);
  const { skuId } = believed;
  const [counted, setCounted] = useState("");
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const wanted = wholeNumber(counted, 0, UNITS_MAX);
  const change = useChange({
    thing: `set:${skuId}`,
    input: {
      skuId,
      quantity: wanted ?? 0,
      changeFromQuantity: believed.leavedAmount,
      reason: reason.trim(),
    },
    send: (input, idempotencyKey) => request(SET_QUANTITY, { input: { ...input, idempotencyKey } }),
    errorsOf: (answer) => answer.inventorySetQuantity.userErrors,
    onDone: ({ inventorySetQuantity: { flow, replayed } }) => {
      const left = quantity(flow?.quantityAfter ?? wanted ?? 0);
      toast(replayed ? t("stock:replayed") : t("stock:setDone", { skuId, quantity: left }));
      onClose();
    },
  });
  const stale = change.refusals.find(({ code }) => code === "CHANGE_FROM_QUANTITY_STALE");
  const present = stale?.available ?? undefined;
  return (
    <Dialog
      open
      title={t("stock:setTitle", { skuId })}
      onClose={onClose}
      focus={field}
      busy={change.sending}
    >
      <p>{t("stock:setHelp")}</p>
      <ChangeSteps
        change={change}
        onCancel={onClose}
        check={() => {
          setTried(true);
          return wanted !== undefined && reason.trim() !== "";
        }}
        review={
          <>
            <BeforeAfter before={believed.leavedAmount} after={wanted ?? 0} />
            {present !== undefined && (
              <p>
                <button
                  type="button"
                  onClick={() => {
                    setBelieved({ ...believed, leavedAmount: present });
                    change.reset();
                  }}
                >
                  {t("stock:believePresent", { quantity: quantity(present) })}
                </button>
              </p>
            )}
          </>
        }
      >
        <p className="believed">
          {t("stock:believed")}: <strong>{quantity(believed.leavedAmount)}</strong>
        </p>
        <NumberField
          label={t("stock:counted")}
          value={counted}
          onChange={setCounted}
          min={0}
          max={UNITS_MAX}
          tried={tried}
          field={field}
        />
        <TextField
          label={t("field.reason")}
          value={reason}
          onChange={setReason}
          charactersMax={REASON_CHARACTERS_MAX}
          required
          tried={tried}
        />
      </ChangeSteps>
    </Dialog>
  );
}
