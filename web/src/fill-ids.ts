/**
 * The refund example needs the id that the deduction example answered, and those about a stocktake the
 * id of the one that was started. It is written into the variables, where the visitor sees it, when
 * the tab comes to the front.
 */
import { useGraphiQL } from "@graphiql/react";
import { useEffect } from "react";

import { NO_ID, NEED_IDS } from "./examples";

/** The ids that answers have named, by what the variables call them. */
const known = new Map<string, string>();

/** Where answers name them: the field, the object in it, and what the variables call its id. */
const NAMED = [
  ["inventoryDeduct", "flow", "flowId"],
  ["inventoryCountStart", "count", "countId"],
] as const;

type Data = Record<string, Record<string, { id?: string } | null> | null>;

/** Remembers the ids that an answer names, if it names any. */
export function noteIds(answer: unknown): void {
  const data = (answer as { data?: Data }).data;
  for (const [field, object, name] of NAMED) {
    const id = data?.[field]?.[object]?.id;
    if (id !== undefined) known.set(name, id);
  }
}

/** Shows nothing; lives inside GraphiQL to reach its editors. */
export function FillIds() {
  const editor = useGraphiQL((state) => state.variableEditor);
  const tab = useGraphiQL((state) => state.tabs[state.activeTabIndex]);
  const query = tab?.query ?? "";
  const needsIds = NEED_IDS.some((example) => example.trimEnd() === query);
  useEffect(() => {
    if (!needsIds || editor === undefined) return;
    let filled = editor.getValue();
    for (const [name, id] of known) {
      filled = filled.replace(`"${name}": "${NO_ID}"`, `"${name}": ${JSON.stringify(id)}`);
    }
    if (filled !== editor.getValue()) editor.setValue(filled);
  }, [needsIds, query, editor]);
  return null;
}
