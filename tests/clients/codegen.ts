// Generates typed documents from src/operations.graphql.
import type { CodegenConfig } from "@graphql-codegen/cli";

const config: CodegenConfig = {
  schema: "../../schema.graphql",
  documents: "src/**/*.graphql",
  generates: {
    "src/__generated__/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: {
        strictScalars: true,
        scalars: {
          DateTime: "string",
          JSON: "unknown",
          Snapshot: "Record<string, unknown>",
          StringMap: "Record<string, string>",
        },
      },
    },
  },
};

export default config;
