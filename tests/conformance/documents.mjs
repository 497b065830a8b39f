// Checks documents against a schema: node documents.mjs SCHEMA DOCUMENT...
import { readFileSync } from "node:fs";
import { buildSchema, parse, validate } from "graphql";

const [schemaPath, ...documents] = process.argv.slice(2);
const schema = buildSchema(readFileSync(schemaPath, "utf8"));
for (const document of documents) {
  for (const { message } of validate(schema, parse(readFileSync(document, "utf8")))) {
    console.log(`${document}: ${message}`);
    process.exitCode = 1;
  }
}
if (documents.length === 0) throw new Error("no documents");
