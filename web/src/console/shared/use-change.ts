/** A change of the books from a dialog: sent under one key, however often it is tried. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { newIdempotencyKey } from "../api/idempotency-key";
import type { UserError } from "./user-errors";

interface Change<Result, Refusal extends UserError> {
  /** Sends it, under this key. */
  send: (idempotencyKey: string) => Promise<Result>;
  /** What it was refused for. */
  errorsOf: (result: Result) => readonly Refusal[];
  /** It is on the books. */
  onDone: (result: Result) => void;
}

/**
 * How a dialog's change stands, and how to send it. The key is kept while it is not known whether the
 * change was carried out, so that the next attempt is the same one; a refusal wrote nothing.
 */
export function useChange<Result, Refusal extends UserError>(
  { send, errorsOf, onDone }: Change<Result, Refusal>,
) {
  const queries = useQueryClient();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const mutation = useMutation({
    mutationFn: () => send(idempotencyKey),
    onSuccess: (result) => {
      if (errorsOf(result).length > 0) return;
      setIdempotencyKey(newIdempotencyKey());
      void queries.invalidateQueries();
      onDone(result);
    },
  });
  return {
    send: () => mutation.mutate(),
    /** Whoever changes what is sent asks for something else, under another key. */
    anew: () => {
      setIdempotencyKey(newIdempotencyKey());
      mutation.reset();
    },
    sending: mutation.isPending,
    error: mutation.error,
    refusals: mutation.data === undefined ? [] : errorsOf(mutation.data),
  };
}
