// Lints the schema of the service by the conventions of GraphQL and Relay.
import { fileURLToPath } from "node:url";
import graphqlPlugin from "@graphql-eslint/eslint-plugin";

const schema = fileURLToPath(new URL("../../schema.graphql", import.meta.url));
const recommended = graphqlPlugin.configs["flat/schema-recommended"].rules;
const relay = graphqlPlugin.configs["flat/schema-relay"].rules;

const namingConvention = "@graphql-eslint/naming-convention";
const [severity, { EnumValueDefinition, ...otherNames }] = recommended[namingConvention];

export default [
  {
    files: ["**/*.graphql"],
    plugins: { "@graphql-eslint": graphqlPlugin },
    languageOptions: {
      parser: graphqlPlugin.parser,
      parserOptions: { graphQLConfig: { schema } },
    },
    rules: {
      ...recommended,
      ...relay,
      // The API reference gives the values of these two enums in lower case.
      [namingConvention]: [
        severity,
        {
          ...otherNames,
          "EnumValueDefinition[parent.name.value!=/^(AssigneeLogicType|AutoNextTimeUnit)$/]":
            EnumValueDefinition,
        },
      ],
      // Only types whose objects can be queried by id have one.
      "@graphql-eslint/strict-id-in-types": [
        "error",
        {
          exceptions: {
            types: [
              "AcrossRule",
              "CrmDiagnostic",
              "CrmDiagnosticCounts",
              "CrmDiagnosticParam",
              "CrmFlow",
              "CrmFlowStep",
              "CrmScenarioPlan",
              "CrmScenarioSpec",
              "CrmSimulation",
              "CrmSimulationEnd",
              "CrmSimulationEntry",
              "CrmStepPlan",
              "CrmStepSpec",
              "DeletionImpact",
              "FieldChange",
              "FieldRules",
              "InputRules",
              "PageInfo",
              "RequestContact",
              "RuleCase",
              "UserError",
              "UserErrorParam",
              "Viewer",
              "ViewerLimits",
              "WebhookHeader",
            ],
            suffixes: ["Connection", "Edge", "Payload"],
          },
        },
      ],
      // Lists of tags, ids and errors are not connections.
      "@graphql-eslint/relay-edge-types": ["error", { listTypeCanWrapOnlyEdgeType: false }],
    },
  },
];
