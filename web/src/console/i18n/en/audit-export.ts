/** How an export of entries is saved. */
export const exports = {
  open: "Export …",
  title: "Export these entries",
  help: "Saves all entries that the filter lets through as one file, oldest first, with a manifest as its last line.",
  format: "Format",
  csv: "CSV",
  jsonl: "JSON Lines",
  start: "Save file",
  abort: "Abort",
  toFile: "The entries go straight into the file that you choose, however many there are.",
  inMemory:
    "This browser keeps the file in memory until it is whole: up to {{max}} MiB. For more use stockflow export, or Chrome or Edge over HTTPS.",
  running: "Entries: {{rows}}, {{size}}",
  done: "Saved and checked: {{rows}} entries, {{size}}, up to entry #{{last}}. The file is whole.",
  aborted: "Aborted at {{rows}} entries. No file was saved.",
  cutOff: "The transfer was cut off after {{rows}} entries. No file was saved; export again.",
  rows: "The file does not have as many entries as its manifest says. No file was saved; export again.",
  hash: "The file is not what its manifest says. No file was saved; export again.",
  tooLarge: "The file is too large for this browser. No file was saved; use stockflow export.",
} as const;
