import { useState, type RefObject } from "react";

import { useText } from "../../i18n";

interface ScanFieldProps {
  field: RefObject<HTMLInputElement | null>;
  onScan: (text: string) => void;
  byUnit: boolean;
  onByUnit: (byUnit: boolean) => void;
}

/** Takes what a scanner types, and what somebody types who has none. */
export function ScanField({ field, onScan, byUnit, onByUnit }: ScanFieldProps) {
  const { t } = useText();
  const [text, setText] = useState("");
  // A phone's own keyboard covers half of the page, and a scanner does not need it.
  const [keyboard, setKeyboard] = useState(false);
  return (
    <form
      className="scan"
      onSubmit={(event) => {
        event.preventDefault();
        onScan(text);
        setText("");
      }}
    >
      <label className="field">
        <span>{t("counts:scan")}</span>
        <input
          data-search
          ref={field}
          inputMode={keyboard ? "numeric" : "none"}
          enterKeyHint="done"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={200}
          value={text}
          aria-describedby="scan-help"
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <button
        type="button"
        className="keyboard"
        aria-pressed={keyboard}
        data-keeps-focus
        onClick={() => {
          setKeyboard(!keyboard);
          // The browser shows or hides its keyboard for a field that comes to the focus.
          field.current?.blur();
          setTimeout(() => field.current?.focus(), 0);
        }}
      >
        {t("counts:keyboard")}
      </button>
      <p id="scan-help" className="hint">
        {t(byUnit ? "counts:scanHelpUnits" : "counts:scanHelpQuantity")}
      </p>
      <label className="check">
        <input
          type="checkbox"
          checked={byUnit}
          onChange={(event) => {
            onByUnit(event.target.checked);
            field.current?.focus();
          }}
        />
        <span>{t("counts:byUnit")}</span>
      </label>
    </form>
  );
}
