/** How the page talks to the server. */
import { createGraphiQLFetcher, type Fetcher, type FetcherParams } from "@graphiql/toolkit";
import { Kind, parse } from "graphql";

import { noteIds } from "./fill-ids";

const send = createGraphiQLFetcher({
  url: new URL("/graphql", location.origin).href,
  // What is in the tab Headers goes along when a socket is opened, where browsers send none.
  subscriptionUrl: new URL("/graphql", location.origin.replace(/^http/, "ws")).href,
  // The server answers in one piece; the answer is then an object, and no stream of parts.
  enableIncrementalDelivery: false,
});

export const fetcher: Fetcher = async (request, options) => {
  const answer = await send(named(request), options);
  noteIds(answer);
  return answer;
};

/**
 * GraphiQL reads the operation's name a moment after the text has changed. A run before that, right
 * after a change of tabs, would carry the other tab's name. Where there is one operation, its own
 * name is the only right one.
 */
function named(request: FetcherParams): FetcherParams {
  try {
    const definitions = parse(request.query).definitions;
    const operations = definitions.filter((it) => it.kind === Kind.OPERATION_DEFINITION);
    if (operations.length !== 1) return request;
    return { ...request, operationName: operations[0]?.name?.value };
  } catch {
    return request; // The server's answer tells the visitor what is wrong with the text.
  }
}
