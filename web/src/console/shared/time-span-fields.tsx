import { useEffect, useState } from "react";

import { useText } from "../i18n";
import { PRESETS, type TimeSpan } from "./time-span";
import "./time-span.css";

interface TimeSpanFieldsProps {
  span: TimeSpan;
  onChange: (span: TimeSpan) => void;
}

/** A span of days up to now, or one between two instants of the visitor's own time zone. */
export function TimeSpanFields({ span, onChange }: TimeSpanFieldsProps) {
  const { t } = useText();
  const custom = span.preset === "custom";
  const [open, setOpen] = useState(custom);
  const [from, to] = custom ? [span.from, span.to] : ["", ""];
  const between = open || custom;
  return (
    <div className="time-span">
      <label className="field">
        <span>{t("audit:span.label")}</span>
        <select
          value={between ? "custom" : span.preset}
          onChange={(event) => {
            const preset = PRESETS.find((it) => it === event.target.value);
            setOpen(preset === undefined);
            if (preset !== undefined) onChange({ preset });
          }}
        >
          {PRESETS.map((preset) => (
            <option key={preset} value={preset}>
              {t(`audit:span.${preset}`)}
            </option>
          ))}
          <option value="custom">{t("audit:span.custom")}</option>
        </select>
      </label>
      {between && (
        <>
          <Instant
            label={t("field.from")}
            value={from}
            onChange={(next) => onChange({ preset: "custom", from: next, to })}
          />
          <Instant
            label={t("field.to")}
            value={to}
            onChange={(next) => onChange({ preset: "custom", from, to: next })}
          />
        </>
      )}
    </div>
  );
}

interface InstantProps {
  label: string;
  /** As the API has it, in UTC; "" for none. */
  value: string;
  onChange: (value: string) => void;
}

function Instant({ label, value, onChange }: InstantProps) {
  const [typed, setTyped] = useState(wallClock(value));
  useEffect(() => setTyped(wallClock(value)), [value]);
  const commit = () => {
    const at = new Date(typed);
    const next = Number.isNaN(at.getTime()) ? "" : at.toISOString();
    if (typed !== wallClock(value)) onChange(next);
  };
  return (
    <label className="field">
      <span>{label}</span>
      <input
        type="datetime-local"
        step={1}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") commit();
        }}
      />
    </label>
  );
}

/** As the field has it: on the visitor's own clock. */
function wallClock(at: string): string {
  if (at === "") return "";
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
