// Runs the audits of the GraphQL over HTTP working group against a server: node audit.mjs URL
// Every one must be ok: what the specification only recommends is required here.
import { auditServer } from "graphql-http";

const AUDITS = 61;
const results = await auditServer({ url: process.argv[2], fetchFn: fetch });
for (const { status, id, name, reason } of results) {
  if (status !== "ok") console.log(`${status} ${id} ${name}: ${reason}`);
}
const ok = results.filter(({ status }) => status === "ok").length;
console.log(`${ok} ok of ${results.length}`);
process.exitCode = ok === AUDITS && results.length === AUDITS ? 0 : 1;
