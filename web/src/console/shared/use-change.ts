/** A change of the books from a dialog: sent under one key, however often it is tried. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { ApiError, NetworkError } from "../api/errors";
import { useText } from "../i18n";
import { toast } from "./toast";
import { attempt, settle, unsettled, type Attempt } from "./unsettled";
import type { UserError } from "./user-errors";

/** A network that takes longer has lost the answer; the next attempt asks for it again. */
const ANSWER_MS_MAX = 20_000;

interface Change<Input, Result, Refusal extends UserError> {
  /** What is changed, and how: `replenish:1001`. */
  thing: string;
  /** All that is asked for, without the key. */
  input: Input;
  /** Sends it, under this key. */
  send: (input: Input, idempotencyKey: string) => Promise<Result>;
  /** What it was refused for. */
  errorsOf: (result: Result) => readonly Refusal[];
  /** It is on the books. */
  onDone: (result: Result) => void;
}

/**
 * How a dialog's change stands, and how to send it. The key is kept while it is not known whether the
 * change was carried out, so that the next attempt is the same one; a refusal wrote nothing. Another
 * change of the same thing is sent only once the visitor accepts that both may be carried out.
 */
export function useChange<Input, Result, Refusal extends UserError>(
  { thing, input, send, errorsOf, onDone }: Change<Input, Result, Refusal>,
) {
  const { t } = useText();
  const queries = useQueryClient();
  const shown = useShown();
  const asked = JSON.stringify(input);
  const before = unsettled(thing);
  const [accepted, setAccepted] = useState<string>();
  const mutation = useMutation({
    mutationFn: (sent: Sent<Input>) => settled(sent, send),
    onSuccess: (result) => {
      if (errorsOf(result).length > 0) return;
      void queries.invalidateQueries();
      onDone(result);
    },
    onError: () => {
      if (!shown.current) toast(t("state.outcomeUnknown"));
    },
  });
  const isSame = before?.input === asked;
  const isOther = before !== undefined && !isSame;
  const mayBoth = accepted === asked;
  return {
    send: () => {
      if ((isOther && !mayBoth) || mutation.isPending) return;
      mutation.mutate({ thing, input, doubtful: isSame, attempt: attempt(thing, asked) });
    },
    /** The visitor goes back to what is asked for. */
    reset: () => mutation.reset(),
    /**
     * What was sent before and has no answer: `same` as is asked for now, so that it is carried out
     * once; or `other`, so that both may be carried out, which has to be accepted first.
     */
    unsettled: (mutation.isPending ? undefined : isSame ? "same" : isOther ? "other" : undefined) as Unsettled,
    accepted: !isOther || mayBoth,
    accept: (yes: boolean) => setAccepted(yes ? asked : undefined),
    sending: mutation.isPending,
    error: mutation.error,
    refusals: mutation.data === undefined ? [] : errorsOf(mutation.data),
  };
}

type Unsettled = "same" | "other" | undefined;

interface Sent<Input> {
  thing: string;
  input: Input;
  attempt: Attempt;
  /** An attempt under this key has no answer, whatever the next one is answered. */
  doubtful: boolean;
}

async function settled<Input, Result>(
  sent: Sent<Input>,
  send: (input: Input, idempotencyKey: string) => Promise<Result>,
): Promise<Result> {
  try {
    const result = await inTime(send(sent.input, sent.attempt.idempotencyKey));
    settle(sent.thing, sent.attempt);
    return result;
  } catch (error) {
    if (!isRefused(error)) sent.doubtful = true;
    else if (!sent.doubtful) settle(sent.thing, sent.attempt);
    throw error;
  }
}

/** After these a change may have been carried out all the same. */
const UNKNOWN: readonly string[] = ["INTERNAL", "TIMEOUT", "UNAVAILABLE", "BUSY"];

/** Whether the server has told that it carried out nothing. */
function isRefused(error: unknown): boolean {
  return error instanceof ApiError && !error.retryable && !UNKNOWN.includes(error.code);
}

function inTime<Result>(answer: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new NetworkError("no answer came in time"));
    const timer = setTimeout(late, ANSWER_MS_MAX);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Whether what asks is still there. */
function useShown() {
  const shown = useRef(false);
  useEffect(() => {
    shown.current = true;
    return () => void (shown.current = false);
  }, []);
  return shown;
}
