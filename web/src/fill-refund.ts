/**
 * The refund example needs the id that the deduction example answered. It is written into the
 * variables, where the visitor sees it, when the refund's tab comes to the front.
 */
import { useGraphiQL } from "@graphiql/react";
import { useEffect } from "react";

import { DEDUCT_FIELD, NO_FLOW_ID, REFUND_QUERY } from "./examples";

let deductionId: string | undefined;

/** Remembers the deduction that an answer names, if it names one. */
export function noteDeduction(answer: unknown): void {
  const data = (answer as { data?: Record<string, { flow?: { id?: string } | null } | null> }).data;
  deductionId = data?.[DEDUCT_FIELD]?.flow?.id ?? deductionId;
}

/** Shows nothing; lives inside GraphiQL to reach its editors. */
export function FillRefund() {
  const editor = useGraphiQL((state) => state.variableEditor);
  const tab = useGraphiQL((state) => state.tabs[state.activeTabIndex]);
  const isRefund = tab?.query === REFUND_QUERY.trimEnd();
  useEffect(() => {
    if (!isRefund || editor === undefined || deductionId === undefined) return;
    const filled = editor
      .getValue()
      .replace(`"flowId": "${NO_FLOW_ID}"`, `"flowId": ${JSON.stringify(deductionId)}`);
    if (filled !== editor.getValue()) editor.setValue(filled);
  }, [isRefund, editor]);
  return null;
}
