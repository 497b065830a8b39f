import { useState, useSyncExternalStore } from "react";

import type { InventoryFlowWhere } from "../api/generated/graphql";
import { useText } from "../i18n";
import { quantity } from "../shared/format";
import { Failure } from "../shared/states";
import type { ExportFormat } from "./export-check";
import {
  abortExport,
  exportState,
  forgetExport,
  MEMORY_BYTES_MAX,
  onExportState,
  startExport,
  writesToFiles,
  type ExportState,
} from "./export-run";

const FORMATS = ["csv", "jsonl"] as const;
const MEBIBYTE = 1024 * 1024;

/** Whether the panel is there: it is opened, and stays until what became of an export was read. */
export function useExportPanel() {
  const [opened, setOpened] = useState(false);
  const { status } = useSyncExternalStore(onExportState, exportState);
  const open = opened || status !== "idle";
  const toggle = () => {
    if (open) forgetExport();
    setOpened(!open);
  };
  return { open, toggle };
}

interface ExportPanelProps {
  /** What is on the screen, and so what is exported. */
  where: InventoryFlowWhere;
}

/** Saves the entries that a filter lets through as one file. */
export function ExportPanel({ where }: ExportPanelProps) {
  const { t } = useText();
  const [format, setFormat] = useState<ExportFormat>("csv");
  const state = useSyncExternalStore(onExportState, exportState);
  const running = state.status === "running";
  return (
    <section className="card export" aria-label={t("audit:export.title")}>
      <h2>{t("audit:export.title")}</h2>
      <p>{t("audit:export.help")}</p>
      <div className="actions">
        <fieldset disabled={running}>
          <legend className="visually-hidden">{t("audit:export.format")}</legend>
          <div className="segments">
            {FORMATS.map((it) => (
              <label key={it}>
                <input
                  type="radio"
                  name="format"
                  checked={(running ? state.format : format) === it}
                  onChange={() => setFormat(it)}
                />
                <span>{t(`audit:export.${it}`)}</span>
              </label>
            ))}
          </div>
        </fieldset>
        {running ? (
          <button type="button" onClick={abortExport}>
            {t("audit:export.abort")}
          </button>
        ) : (
          <button type="button" className="primary" onClick={() => void startExport(format, where)}>
            {t("audit:export.start")}
          </button>
        )}
      </div>
      <p className="hint">
        {writesToFiles()
          ? t("audit:export.toFile")
          : t("audit:export.inMemory", { max: quantity(MEMORY_BYTES_MAX / MEBIBYTE) })}
      </p>
      <Outcome state={state} />
    </section>
  );
}

function Outcome({ state }: { state: ExportState }) {
  const { t } = useText();
  const { status, manifest, error } = state;
  if (status === "idle") return null;
  if (status === "failed") return <Failure error={error} />;
  const numbers = {
    rows: quantity(state.rows),
    size: size(state.bytes),
    last: manifest?.lastFlowId ?? "",
  };
  const tone =
    status === "done" ? "good" : status === "running" || status === "aborted" ? "" : "bad";
  return (
    <div className="outcome">
      {status === "running" && <progress aria-label={t("audit:export.title")} />}
      <p role={status === "running" ? undefined : "status"} className={tone}>
        {t(`audit:export.${status}`, numbers)}
      </p>
      {status === "done" && manifest !== undefined && (
        <p className="faint">
          SHA-256 <code className="mono">{manifest.sha256}</code>
        </p>
      )}
    </div>
  );
}

function size(bytes: number): string {
  const [value, unit] = bytes < MEBIBYTE ? [bytes / 1024, "KiB"] : [bytes / MEBIBYTE, "MiB"];
  return `${quantity(Math.round(value * 10) / 10)} ${unit}`;
}
