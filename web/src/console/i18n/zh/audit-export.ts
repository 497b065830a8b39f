import type { exports as english } from "../en/audit-export";
import type { Shape } from "../shape";

export const exports: Shape<typeof english> = {
  open: "导出…",
  title: "导出这些流水",
  help: "将符合筛选条件的全部流水保存为一个文件，最早的在前，最后一行是清单。",
  format: "格式",
  csv: "CSV",
  jsonl: "JSON Lines",
  start: "保存文件",
  abort: "中止",
  toFile: "流水会直接写入您选择的文件，数量不限。",
  inMemory:
    "此浏览器在文件完整之前将其保留在内存中，最多 {{max}} MiB。更大的文件请使用 stockflow export，或通过 HTTPS 使用 Chrome 或 Edge。",
  running: "流水：{{rows}}，{{size}}",
  done: "已保存并核对：{{rows}} 条流水，{{size}}，截至流水 #{{last}}。文件完整。",
  aborted: "已在 {{rows}} 条流水处中止，没有保存文件。",
  cutOff: "传输在 {{rows}} 条流水之后中断，没有保存文件；请重新导出。",
  rows: "文件中的流水条数与清单不符，没有保存文件；请重新导出。",
  hash: "文件与其清单不符，没有保存文件；请重新导出。",
  tooLarge: "文件对此浏览器过大，没有保存文件；请使用 stockflow export。",
};
