/** The SKU that is counted right now: how many there are, in figures that can be read from afar. */
import { useEffect, useState, type RefObject } from "react";

import { useText } from "../../i18n";
import { quantity } from "../../shared/format";
import type { Selected, Sign } from "./use-tally";

interface TallyCardProps {
  selected: Selected | undefined;
  sign: Sign | undefined;
  field: RefObject<HTMLInputElement | null>;
  onQuantity: (text: string, sure: boolean) => void;
  onAdd: (units: number) => void;
  onAnew: (skuId: string) => void;
  onScan: (text: string) => void;
}

export function TallyCard(props: TallyCardProps) {
  const { selected, sign, field, onQuantity, onAdd, onAnew, onScan } = props;
  const { t } = useText();
  const [text, setText] = useState("");
  // What was begun for one SKU is not recorded for another.
  useEffect(() => setText(""), [selected?.skuId, sign?.at]);
  return (
    <section className="tally card" aria-label={t("counts:tally")}>
      <SignLine sign={sign} onQuantity={onQuantity} onScan={onScan} />
      <div className="tally-now">
        {selected === undefined ? (
          <p className="tally-none">{t("counts:noneChosen")}</p>
        ) : (
          <>
            <h2 title={selected.skuId}>
              <span className="faint">{t("field.skuId")}</span> {selected.skuId}
              {selected.earlier !== undefined && (
                <small className="hint">
                  {t("counts:goesOn", { n: quantity(selected.earlier) })}
                </small>
              )}
            </h2>
            <output className="tally-quantity" data-quantity={selected.before}>
              {selected.before === undefined ? "–" : quantity(selected.before)}
            </output>
          </>
        )}
      </div>
      <form
        className="tally-keys"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== "") onQuantity(text, false);
        }}
      >
        <button
          type="button"
          aria-label={t("counts:oneLess")}
          disabled={selected?.before === undefined || selected.before === 0}
          onClick={() => onAdd(-1)}
        >
          −1
        </button>
        <button
          type="button"
          aria-label={t("counts:oneMore")}
          disabled={selected === undefined}
          onClick={() => onAdd(1)}
        >
          +1
        </button>
        <label className="field">
          <span>{t("counts:allOnShelf")}</span>
          <input
            ref={field}
            inputMode="numeric"
            enterKeyHint="done"
            autoComplete="off"
            maxLength={40}
            disabled={selected === undefined}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <button type="submit" className="primary" disabled={selected === undefined}>
          {t("counts:record")}
        </button>
      </form>
      <div className="tally-more">
        <button
          type="button"
          disabled={selected === undefined}
          onClick={() => onQuantity("0", true)}
        >
          {t("counts:shelfEmpty")}
        </button>
        <button
          type="button"
          disabled={selected?.before === undefined}
          title={t("counts:anewHelp")}
          data-keeps-focus
          onClick={() => {
            if (selected !== undefined) onAnew(selected.skuId);
          }}
        >
          {t("counts:anew")}
        </button>
      </div>
    </section>
  );
}

interface SignLineProps {
  sign: Sign | undefined;
  onQuantity: (text: string, sure: boolean) => void;
  onScan: (text: string) => void;
}

/** What became of the last entry: seen at a glance, and read out. */
function SignLine({ sign, onQuantity, onScan }: SignLineProps) {
  const { t } = useText();
  const kind = sign === undefined ? "none" : tone(sign);
  return (
    <div role="status" aria-live="assertive">
      <div className={`sign sign-${kind}`} key={sign?.at}>
        <p>
          {sign === undefined
            ? t("counts:signNone")
            : sign.kind === "good"
              ? t("counts:signGood", { skuId: sign.skuId, quantity: quantity(sign.quantity) })
              : sign.kind === "chosen"
                ? t("counts:signChosen", { skuId: sign.skuId })
                : t(`counts:sign.${sign.kind}`, { text: clipped(sign.text) })}
        </p>
        {sign?.kind === "doubt" && (
          <div className="actions" data-keeps-focus>
            <button type="button" onClick={() => onScan(sign.text)}>
              {t("counts:doubtScan", { text: sign.text })}
            </button>
            <button type="button" onClick={() => onQuantity(sign.text, true)}>
              {t("counts:doubtQuantity", { text: sign.text })}
            </button>
          </div>
        )}
      </div>
    </div>
  );
}

function tone(sign: Sign): "good" | "chosen" | "bad" | "warn" {
  if (sign.kind === "good" || sign.kind === "takenBack") return "good";
  if (sign.kind === "chosen") return "chosen";
  return sign.kind === "doubt" || sign.kind === "cannotTakeBack" ? "warn" : "bad";
}

/** Scanners read codes of any length. */
function clipped(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
