// String literals in many notations; each is stored with the value that graphql-js gives it.
import { parseValue, valueFromASTUntyped } from "graphql";
import assert from "node:assert/strict";
import { post } from "./post";

const spellings = [
  ...[
    '""',
    '"x"',
    '"a, b"',
    '"a,: b"',
    '"...,F"',
    '"# no comment"',
    '"{ a: [1] }"',
    '"a\tb"',
    '"é 😀 \u2028\ufeff"',
  ],
  ...[
    '"\\"\\\\\\/\\b\\f\\n\\r\\t"',
    '"\\u0041\\u00e9"',
    '"\\u{41}\\u{e9}\\u{1F600}"',
    '"\\ud83d\\ude00, \\udbff\\udfff"',
  ],
  ...[
    '"""x"""',
    '""" "quoted", ""twice"" """',
    '"""a \\""" b"""',
    '"""a \\" b \\\\ \\n \\u{41} c"""',
    '"""# no comment, 😀"""',
  ],
  // Indentation and blank lines at both ends are ignored, with any line terminators.
  ...[
    '"""\n  a\n    b,\n  c\n"""',
    '"""\r  a\r    b\r"""',
    '"""\r\n  a\r\n  b\r\n"""',
    '"""\n\n\t\tx\n\t  y\n\n"""',
  ],
  ...[
    '"""  a\n  b"""',
    '"""a  \n\n   \n b  """',
    '"""a\u2028  b\n  c\u0085"""',
    '"""\ufeff\n  a"""',
  ],
];
/** Ignored tokens, which do not change the values. */
const around = ["", ",", "#, c\r", "\ufeff,\r\n"];
const descriptions = ["", '"d, e" ', '"""d, \\""" e""" '];

async function mutate(document: string): Promise<any> {
  const { data, errors } = await post(document, "{}");
  assert(data && !errors, `${document}: ${JSON.stringify(errors)}`);
  return data;
}

const { scenario } = await mutate(
  'mutation { scenario: createCrmScenario(input: {name: "Strings"}) { crmScenario { id } } }',
);
const { id } = scenario.crmScenario;
let stored = 0;
for (const spelling of spellings) {
  const expected = valueFromASTUntyped(parseValue(spelling));
  for (const between of around) {
    for (const description of descriptions) {
      const input = `{scenarioId: "${id}", name: "x", trigger: "x", prompt${between}: ${between}${spelling}${between}}`;
      const document = `${description}mutation${between} A {
        step${between}: createCrmStep(input: ${input}) { crmStep { prompt } }
      }`;
      const { step } = await mutate(document);
      assert.equal(step.crmStep.prompt, expected, document);
      stored += 1;
    }
  }
}
await mutate(
  `mutation { deleteCrmScenario(id: "${id}", expectedStepCount: ${stored}) { deletedCrmScenarioId } }`,
);
console.log(`passed: strings: ${stored} of ${stored} are stored with the values of graphql-js`);
