/**
 * Types of the console's operations, made from the schema and the operations themselves:
 * `npm run generate`. What it writes is committed, for the server's build has no schema beside it.
 */
import type { CodegenConfig } from "@graphql-codegen/cli";

const config: CodegenConfig = {
  schema: process.env["STOCKFLOW_SCHEMA"] ?? "../schema.graphql",
  documents: ["src/console/**/*.{ts,tsx}", "!src/console/api/generated/**"],
  ignoreNoDocuments: true,
  generates: {
    "src/console/api/generated/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: "string",
        useTypeImports: true,
        enumsAsTypes: true,
        strictScalars: true,
        scalars: { BigInt: "string", DateTime: "string", Hash: "string" },
      },
    },
  },
};

export default config;
