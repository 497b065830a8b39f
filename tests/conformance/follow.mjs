// Follows the history of a server behind a cursor, and comes again with the last one when the connection
// is lost: node follow.mjs URL CURSOR ENTRIES. Prints the sequence of each entry, and ends after so many.
import { createClient } from "graphql-ws";
import WebSocket from "ws";

const url = `${process.argv[2]}/graphql`.replace("http", "ws");
const entries = Number(process.argv[4]);
const query = "subscription($after: String) { inventoryFlowAppended(after: $after) { cursor node { sequence } } }";

let after = process.argv[3];
let told = 0;
while (told < entries) {
  const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0 });
  try {
    for await (const { data } of client.iterate({ query, variables: { after } })) {
      after = data.inventoryFlowAppended.cursor;
      told += 1;
      console.log(data.inventoryFlowAppended.node.sequence);
      if (told >= entries) break;
    }
  } catch (lost) {
    // A refusal is a list of errors, and would come again.
    if (Array.isArray(lost)) throw lost[0];
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await client.dispose();
}
