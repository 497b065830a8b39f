/** Puts a new SKU on the books. */
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
import { CREATE } from "./stock-queries";

const SKU = /^[1-9]\d{0,18}$/;
const UNITS_MAX = 1_000_000;

export function CreateDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const [sku, setSku] = useState("");
  const [units, setUnits] = useState("0");
  const [merchant, setMerchant] = useState("");
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const skuId = sku.trim();
  const wanted = wholeNumber(units, 0, UNITS_MAX);
  const wrong = tried && !SKU.test(skuId);
  const change = useChange({
    thing: `create:${skuId}`,
    input: {
      skuId,
      quantity: wanted ?? 0,
      merchantId: merchant.trim() || null,
      reason: reason.trim() || null,
    },
    send: (input, idempotencyKey) => request(CREATE, { input: { ...input, idempotencyKey } }),
    errorsOf: (answer) => answer.inventoryCreate.userErrors,
    onDone: ({ inventoryCreate: { replayed } }) => {
      const left = quantity(wanted ?? 0);
      toast(replayed ? t("stock:replayed") : t("stock:created", { skuId, quantity: left }));
      onClose();
    },
  });
  return (
    <Dialog
      open
      title={t("stock:createTitle")}
      onClose={onClose}
      focus={field}
      busy={change.sending}
    >
      <p>{t("stock:createHelp")}</p>
      <ChangeSteps
        change={change}
        onCancel={onClose}
        check={() => {
          setTried(true);
          return SKU.test(skuId) && wanted !== undefined;
        }}
        review={
          <>
            <p>
              {t("field.skuId")} <strong>{skuId}</strong>
            </p>
            <BeforeAfter before={0} after={wanted ?? 0} />
          </>
        }
      >
        <label className="field">
          <span>{t("field.skuId")}</span>
          <input
            ref={field}
            inputMode="numeric"
            autoComplete="off"
            value={sku}
            aria-invalid={wrong}
            onChange={(event) => setSku(event.target.value)}
          />
          {wrong && <span className="fault">{t("error.skuId")}</span>}
        </label>
        <NumberField
          label={t("field.quantity")}
          value={units}
          onChange={setUnits}
          min={0}
          max={UNITS_MAX}
          tried={tried}
        />
        <TextField
          label={t("stock:merchant")}
          value={merchant}
          onChange={setMerchant}
          charactersMax={19}
        />
        <TextField
          label={t("field.reason")}
          value={reason}
          onChange={setReason}
          charactersMax={500}
        />
      </ChangeSteps>
    </Dialog>
  );
}
