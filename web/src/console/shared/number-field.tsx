import { useId, type RefObject } from "react";

import { useText } from "../i18n";

interface NumberFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  min: number;
  max: number;
  /** Tells what is wrong with the value; from the first attempt to send it on. */
  tried: boolean;
  field?: RefObject<HTMLInputElement | null>;
}

/** The number, or undefined where it is none between the bounds. */
export function wholeNumber(value: string, min: number, max: number): number | undefined {
  if (!/^\d+$/.test(value.trim())) return undefined;
  const number = Number(value);
  return number >= min && number <= max ? number : undefined;
}

export function NumberField(props: NumberFieldProps) {
  const { label, value, onChange, min, max, tried, field } = props;
  const { t } = useText();
  const id = useId();
  const wrong = tried && wholeNumber(value, min, max) === undefined;
  return (
    <label className="field">
      <span>{label}</span>
      <input
        ref={field}
        inputMode="numeric"
        autoComplete="off"
        value={value}
        aria-invalid={wrong}
        aria-describedby={wrong ? id : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      {wrong && (
        <span id={id} className="fault">
          {t("error.wholeNumber", { min, max })}
        </span>
      )}
    </label>
  );
}
