import { useState } from "react";

interface InstantFieldProps {
  label: string;
  /** In milliseconds since 1970; undefined for an empty field. */
  value: number | undefined;
  /** Once the field is left, or Enter is pressed, with another instant. */
  onChange: (value: number) => void;
  /** Once it is left empty; where it may not be, it is as before. */
  onClear?: () => void;
}

/** An instant in the visitor's time zone, to the second. */
export function InstantField({ label, value, onChange, onClear }: InstantFieldProps) {
  const shown = value === undefined ? "" : localText(value);
  // What is being typed stands, whatever becomes of the value meanwhile.
  const [typed, setTyped] = useState<string>();
  const apply = () => {
    setTyped(undefined);
    if (typed === undefined || typed === shown) return;
    const at = Date.parse(typed);
    if (typed === "") onClear?.();
    else if (!Number.isNaN(at)) onChange(at);
  };
  return (
    <label className="field">
      <span>{label}</span>
      <input
        type="datetime-local"
        step={1}
        value={typed ?? shown}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={apply}
        onKeyDown={(event) => {
          if (event.key === "Enter") apply();
        }}
      />
    </label>
  );
}

/** As a field of date and time has it. */
function localText(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}
