// The initial tabs, which run on the demo data.

const SCENARIO_ID = '019a0000-0000-7000-8000-000000000301';
const AGENT_ID = '019a0000-0000-7000-8000-000000000101';

// Without variables, because GraphiQL does not set those of the first tab.
const READ_PIPELINE = `# A pipeline: its steps in their order,
# and the targets of their timers.
query ReadPipeline {
  crmScenario(
    id: "${SCENARIO_ID}"
  ) {
    name
    steps {
      totalCount
      nodes {
        index
        name
        agent {
          name
        }
        autoNextDelaySeconds
        autoNextStep {
          name
        }
      }
    }
  }
}
`;

const CREATE_STEP = `# A new step at the end of the pipeline.
# Its fields are in the variables below.
mutation CreateStep($input: CreateCrmStepInput!) {
  createCrmStep(input: $input) {
    crmStep {
      id
      index
      name
      autoNextDelaySeconds
      agent {
        name
      }
      scenario {
        name
      }
    }
    userErrors {
      field
      code
      message
    }
  }
}
`;

const BREAK_RULES = `# All violations are returned together,
# and nothing is stored.
mutation BreakRules($input: CreateCrmStepInput!) {
  createCrmStep(input: $input) {
    crmStep {
      id
    }
    userErrors {
      field
      code
      message
    }
  }
}
`;

const FOLLOW_CHANGES = `# What changes in the pipeline, as it happens.
# Change a step in another tab of the browser.
subscription FollowChanges {
  changes(
    scenarioId: "${SCENARIO_ID}"
  ) {
    cursor
    node {
      action
      tokenName
      subject {
        ... on CrmStep {
          index
          name
        }
      }
    }
  }
}
`;

export const EXAMPLES = [
  { query: READ_PIPELINE },
  {
    query: CREATE_STEP,
    variables: json({
      input: {
        scenarioId: SCENARIO_ID,
        agentId: AGENT_ID,
        name: 'Follow-up',
        trigger: 'The customer asked to be called back.',
        autoNextTime: 2,
        autoNextTimeUnit: 'h',
        defaultTags: ['follow-up'],
      },
    }),
  },
  {
    query: BREAK_RULES,
    variables: json({
      input: {
        scenarioId: SCENARIO_ID,
        name: ' ',
        prompt: 'Say hello.',
        autoNextTime: 0,
      },
    }),
  },
  { query: FOLLOW_CHANGES },
];

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
