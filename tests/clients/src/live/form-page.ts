// A form that is made of the rules of an input. The browser shows each message at its field.
import { faultsOfFields, type Input, type InputRules } from "./form";
import { faultsAcross } from "./form-across";

type Send = (input: Input) => Promise<readonly { field: readonly string[]; message: string }[]>;
type Texts = Readonly<Record<string, string>>;

/** A form of the fields with these labels; `send` calls the mutation and returns its userErrors. */
export function formOf(rules: InputRules, labels: Texts, sentences: Texts, send: Send) {
  const form = document.createElement("form");
  const controls = Object.entries(labels).map(([name, text]) => {
    const ofField = rules.fields.find(({ path }) => path.join() === name);
    const control = document.createElement(ofField?.isOneLine ? "input" : "textarea");
    const label = document.createElement("label");
    label.append(text, Object.assign(control, { name }));
    form.append(label);
    return control;
  });
  form.append(document.createElement("button"));
  const input = () => Object.fromEntries([...new FormData(form)].filter(([, value]) => value));
  const mark = (messages: ReadonlyMap<string, string>) =>
    controls.forEach((control) => control.setCustomValidity(messages.get(control.name) ?? ""));
  form.oninput = () => {
    const faults = [...faultsOfFields(rules, input()), ...faultsAcross(rules, input())];
    mark(new Map(faults.map(([path, code]) => [path, sentences[code] ?? code])));
  };
  form.onsubmit = async (event) => {
    event.preventDefault();
    const userErrors = await send(input());
    mark(new Map(userErrors.map(({ field, message }) => [field.slice(1).join("."), message])));
    form.reportValidity();
  };
  form.dispatchEvent(new Event("input"));
  return form;
}
