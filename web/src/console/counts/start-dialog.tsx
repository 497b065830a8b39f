/** Starts a stocktake, and leads to where it is counted. */
import { useId, useRef, useState } from "react";
import { useLocation } from "wouter";

import { request } from "../api/request";
import { useText } from "../i18n";
import { Dialog } from "../shared/dialog";
import { quantity } from "../shared/format";
import { Failure } from "../shared/states";
import { TextField } from "../shared/text-field";
import { toast } from "../shared/toast";
import { UnsettledNotice } from "../shared/unsettled-notice";
import { useChange } from "../shared/use-change";
import { CountErrors } from "./count-errors";
import { COUNT_START } from "./counts-queries";
import { LISTED_MAX, listedSkus, SCOPES, skusOf, type TypedScope } from "./start-scope";

const REASON_CHARACTERS_MAX = 500;
const ID_CHARACTERS_MAX = 19;

export function StartDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const [, navigate] = useLocation();
  const [typed, setTyped] = useState<TypedScope>({ scope: "listed", listed: "", from: "", to: "" });
  const [reason, setReason] = useState("");
  const [merchantId, setMerchantId] = useState("");
  const [blind, setBlind] = useState(false);
  const [tried, setTried] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const skus = skusOf(typed);
  const fault = tried && typeof skus === "string" ? skus : undefined;
  const change = useChange({
    thing: "count",
    input: {
      ...(typeof skus === "string" ? {} : skus),
      blind,
      reason: reason.trim() || null,
      merchantId: merchantId.trim() || null,
    },
    send: (input, idempotencyKey) => request(COUNT_START, { input: { ...input, idempotencyKey } }),
    errorsOf: (answer) => answer.inventoryCountStart.userErrors,
    onDone: ({ inventoryCountStart: { count } }) => {
      if (count == null) return onClose();
      toast(t("counts:started", { id: count.id, n: quantity(count.skuCount) }));
      navigate(`/counts/${count.id}?mode=count`);
    },
  });
  const edit = <Value,>(set: (value: Value) => void) => {
    return (value: Value) => {
      set(value);
      // It is another request from now on.
      if (change.error !== null || change.refusals.length > 0) change.reset();
    };
  };
  return (
    <Dialog
      open
      title={t("counts:startTitle")}
      onClose={onClose}
      focus={field}
      busy={change.sending}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (typeof skus !== "string") change.send();
        }}
      >
        <p className="hint">{t("counts:startHelp")}</p>
        <SkuScope typed={typed} onChange={edit(setTyped)} fault={fault} field={field} />
        <TextField
          label={t("field.reason")}
          value={reason}
          onChange={edit(setReason)}
          charactersMax={REASON_CHARACTERS_MAX}
        />
        <label className="check">
          <input
            type="checkbox"
            checked={blind}
            onChange={(event) => edit(setBlind)(event.target.checked)}
          />
          <span>
            {t("counts:blindCount")} <small className="hint">{t("counts:blindHelp")}</small>
          </span>
        </label>
        <details>
          <summary>{t("counts:merchantMore")}</summary>
          <TextField
            label={t("field.merchantId")}
            value={merchantId}
            onChange={edit(setMerchantId)}
            charactersMax={ID_CHARACTERS_MAX}
          />
        </details>
        <CountErrors errors={change.refusals} />
        {change.error !== null && <Failure error={change.error} />}
        <UnsettledNotice change={change} />
        <div className="actions">
          <button type="submit" className="primary" disabled={change.sending || !change.accepted}>
            {t("counts:startConfirm")}
          </button>
          <button type="button" disabled={change.sending} onClick={onClose}>
            {t("action.cancel")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface SkuScopeProps {
  typed: TypedScope;
  onChange: (typed: TypedScope) => void;
  fault: string | undefined;
  field: React.RefObject<HTMLTextAreaElement | null>;
}

function SkuScope({ typed, onChange, fault, field }: SkuScopeProps) {
  const { t } = useText();
  const name = useId();
  const help = `${name}-help`;
  const described = { "aria-invalid": fault !== undefined, "aria-describedby": help };
  return (
    <fieldset className="scope">
      <legend>{t("counts:which")}</legend>
      <div className="segments">
        {SCOPES.map((scope) => (
          <label key={scope}>
            <input
              type="radio"
              name={name}
              checked={typed.scope === scope}
              onChange={() => onChange({ ...typed, scope })}
            />
            <span>{t(`counts:scope.${scope}`)}</span>
          </label>
        ))}
      </div>
      {typed.scope === "listed" && (
        <label className="field">
          <span>{t("counts:listed")}</span>
          <textarea
            ref={field}
            rows={3}
            value={typed.listed}
            {...described}
            onChange={(event) => onChange({ ...typed, listed: event.target.value })}
          />
        </label>
      )}
      {typed.scope === "range" && (
        <div className="range">
          {(["from", "to"] as const).map((end) => (
            <label key={end} className="field">
              <span>{t(`field.${end}`)}</span>
              <input
                inputMode="numeric"
                autoComplete="off"
                maxLength={ID_CHARACTERS_MAX}
                value={typed[end]}
                {...described}
                onChange={(event) => onChange({ ...typed, [end]: event.target.value })}
              />
            </label>
          ))}
        </div>
      )}
      <span id={help} className={fault === undefined ? "hint" : "fault"}>
        {fault === undefined
          ? t(`counts:scopeHelp.${typed.scope}`, { n: listedSkus(typed.listed).length, max: LISTED_MAX })
          : t(`counts:scopeFault.${fault}` as never, { max: LISTED_MAX })}
      </span>
    </fieldset>
  );
}
