import { useState } from "react";

import { useText } from "../i18n";
import { InstantField } from "./instant-field";
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
          <InstantField
            label={t("field.from")}
            value={from === "" ? undefined : Date.parse(from)}
            onChange={(at) => onChange({ preset: "custom", from: new Date(at).toISOString(), to })}
            onClear={() => onChange({ preset: "custom", from: "", to })}
          />
          <InstantField
            label={t("field.to")}
            value={to === "" ? undefined : Date.parse(to)}
            onChange={(at) => onChange({ preset: "custom", from, to: new Date(at).toISOString() })}
            onClear={() => onChange({ preset: "custom", from, to: "" })}
          />
        </>
      )}
    </div>
  );
}
