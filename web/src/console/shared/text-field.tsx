import type { RefObject } from "react";
import { useId } from "react";

import { useText } from "../i18n";

interface TextFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  charactersMax: number;
  /** Whether it must be filled in; told from the first attempt to send it on. */
  required?: boolean;
  tried?: boolean;
  field?: RefObject<HTMLInputElement | null>;
}

export function TextField(props: TextFieldProps) {
  const { label, value, onChange, charactersMax, required, tried, field } = props;
  const { t } = useText();
  const id = useId();
  const wrong = required === true && tried === true && value.trim() === "";
  return (
    <label className="field">
      <span>{label}</span>
      <input
        ref={field}
        autoComplete="off"
        maxLength={charactersMax}
        value={value}
        aria-invalid={wrong}
        aria-describedby={wrong ? id : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      {wrong && (
        <span id={id} className="fault">
          {t("error.required")}
        </span>
      )}
    </label>
  );
}
