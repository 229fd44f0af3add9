// The patterns of inputRules: forms can compile them, and they mean to ECMAScript what they mean to the
// service.
import assert from "node:assert/strict";
import { post } from "./post";

/** Fields whose pattern is all that the service checks, and how a text is put into them. */
const inputs: Record<string, (text: string) => object> = {
  whatsappTemplateName: (text) => ({ whatsappTemplateName: text }),
  whatsappTemplateLanguageCode: (text) => ({ whatsappTemplateLanguageCode: text }),
  "webhookHeader.*": (text) => ({ webhookHeader: { [text]: "v" } }),
  "webhookHeader.*.*": (text) => ({ webhookHeader: { X: text } }),
};

/** Each ASCII character in, before and after others, and some beyond; with visible characters. */
const characters = Array.from({ length: 127 }, (_, index) => String.fromCodePoint(index + 1));
const texts = [...characters, "\u0085", "\u00a0", "é", "\u2028", "\u212a", "😀"]
  .flatMap((character) => [`a${character}b`, `a${character}`, `${character}a`])
  .concat("pt_BR", "es_419", "pt_BR\n", "EN", "a_b", "a".repeat(512), "a".repeat(513));

async function query(document: string, variables: object): Promise<any> {
  const { data, errors } = await post(document, JSON.stringify(variables));
  assert(data && !errors, `${document}: ${JSON.stringify(errors)}`);
  return data;
}

const { inputRules } = await query("{ inputRules { input fields { path pattern formatCode } } }", {});
const rows = inputRules.flatMap(({ fields }: any) => fields).filter(({ pattern }: any) => pattern);
// The attribute `pattern` of HTML has the flag v.
rows.forEach(({ pattern }: any) => [new RegExp(pattern, "u"), new RegExp(pattern, "v")]);

const validate = `mutation($input: CreateCrmStepInput!) {
  createCrmStep(input: $input, validateOnly: true) { userErrors { code } } }`;
let compared = 0;
for (const [path, input] of Object.entries(inputs)) {
  const { pattern, formatCode } = rows.find((row: any) => row.path.join(".") === path);
  for (const text of texts) {
    const step = { scenarioId: "", name: "A", trigger: "b", ...input(text) };
    const { createCrmStep } = await query(validate, { input: step });
    const isRejected = createCrmStep.userErrors.some(({ code }: any) => code === formatCode);
    assert.equal(isRejected, !new RegExp(pattern, "u").test(text), `${path} ${JSON.stringify(text)}`);
    compared += 1;
  }
}
console.log(`passed: patterns: ${compared} texts match as the service says`);
