/** How the console asks the server: one POST an operation, with the visitor's own token. */
import { token } from "../session/token";
import type { TypedDocumentString } from "./generated/graphql";
import { ApiError, NetworkError, type GraphqlError } from "./errors";

export interface RequestOptions {
  signal?: AbortSignal | undefined;
  /** A `readToken`: the answer must have reached what the visitor has seen before. */
  readAfter?: string | undefined;
}

interface Answer<Result> {
  data?: Result | null;
  errors?: GraphqlError[];
}

/** Answers an operation's data. Throws `ApiError` where the server refuses, `NetworkError` where it cannot be reached. */
export async function request<Result, Variables>(
  document: TypedDocumentString<Result, Variables>,
  ...[variables, options]: Variables extends Record<string, never>
    ? [variables?: undefined, options?: RequestOptions]
    : [variables: Variables, options?: RequestOptions]
): Promise<Result> {
  const headers: Record<string, string> = {
    "content-type": "application/json",
    accept: "application/graphql-response+json",
  };
  const bearer = token();
  if (bearer !== undefined) headers["authorization"] = `Bearer ${bearer}`;
  if (options?.readAfter !== undefined) headers["stockflow-read-after"] = options.readAfter;
  const response = await fetched("/graphql", {
    method: "POST",
    headers,
    body: JSON.stringify({ query: document.toString(), variables }),
    signal: options?.signal ?? null,
    cache: "no-store",
  });
  let answer: Answer<Result>;
  try {
    answer = (await response.json()) as Answer<Result>;
  } catch (error) {
    if (options?.signal?.aborted) throw error;
    throw new NetworkError(`the server answered ${response.status} with something else than GraphQL`);
  }
  const [first] = answer.errors ?? [];
  if (first !== undefined) throw new ApiError(first, response.status);
  if (answer.data === undefined || answer.data === null) {
    throw new NetworkError(`the server answered ${response.status} without data`);
  }
  return answer.data;
}

/** `fetch`, which tells a lost connection by a type of its own. */
export async function fetched(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new NetworkError(String(error));
  }
}
