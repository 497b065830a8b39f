/** How the page talks to the server. */
import {
  createGraphiQLFetcher,
  type Fetcher,
  type FetcherOpts,
  type FetcherParams,
} from "@graphiql/toolkit";
import { Kind, parse, type DocumentNode, type OperationDefinitionNode } from "graphql";

import { noteIds } from "./fill-ids";

const send = createGraphiQLFetcher({
  url: new URL("/graphql", location.origin).href,
  // What is in the tab Headers goes along when a socket is opened, where browsers send none.
  subscriptionUrl: new URL("/graphql", location.origin.replace(/^http/, "ws")).href,
  // The server answers in one piece; the answer is then an object, and no stream of parts.
  enableIncrementalDelivery: false,
});

export const fetcher: Fetcher = async (request, options) => {
  const document = parsed(request.query);
  // GraphiQL reads the text a moment after it has changed. A run before that, right after a change of
  // tabs, would carry the other tab's name, and be taken for a query where it is a subscription.
  const answer = await send(named(request, document), withDocument(options, document));
  noteIds(answer);
  return answer;
};

/** What a text says; undefined where it says nothing, as the server's answer will tell. */
function parsed(query: string): DocumentNode | undefined {
  try {
    return parse(query);
  } catch {
    return undefined;
  }
}

function withDocument(options: FetcherOpts | undefined, documentAST: DocumentNode | undefined) {
  return documentAST === undefined ? options : { ...options, documentAST };
}

/** Where there is one operation, its own name is the only right one. */
function named(request: FetcherParams, document: DocumentNode | undefined): FetcherParams {
  const operations = document?.definitions.filter(
    (it): it is OperationDefinitionNode => it.kind === Kind.OPERATION_DEFINITION,
  );
  if (operations?.length !== 1) return request;
  return { ...request, operationName: operations[0]?.name?.value };
}
