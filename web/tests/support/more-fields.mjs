// A service that is newer than the page: its steps have fields that the form has no place for.

import { forward } from './api.mjs';
import { intercept } from './browser.mjs';

/** The type of a field as introspection has it. */
export function named(kind, name, ofType = null) {
  return { kind, name, ofType, enumValues: null };
}

/**
 * Adds fields of these types to what the service says of steps. `stored` has their present values, which wait for
 * `beforeStored()`, and `maxLength` the limits of texts. Returns the inputs that are sent with one of them; the service
 * under test gets the rest of each.
 */
export async function addFields(page, types, { stored, maxLength = {}, beforeStored = () => undefined }) {
  const names = Object.keys(types);
  const sent = [];
  await intercept(page, async (request) => {
    const { operationName, variables } = request;
    if (operationName === 'stepMutationsUpdateMutation' && names.some((name) => name in variables.input)) {
      sent.push(variables.input);
      const known = Object.entries(variables.input).filter(([name]) => !names.includes(name));
      return { body: await forward({ ...request, variables: { ...variables, input: Object.fromEntries(known) } }) };
    }
    if (!['useInputRulesQuery', 'inputFields', 'moreValuesQuery'].includes(operationName)) return undefined;
    const body = await forward(request);
    if (operationName === 'useInputRulesQuery') {
      const [row] = body.data.inputRules[0].fields;
      const rows = names.map((name) => {
        return { ...row, path: [name], references: null, codes: [], maxLength: maxLength[name] ?? null };
      });
      body.data.inputRules[0].fields.push(...rows);
    } else if (operationName === 'inputFields') {
      const fields = names.map((name) => ({ name, description: `About ${name}.`, type: types[name] }));
      body.data.__type.inputFields.push(...fields);
    } else {
      await beforeStored();
      Object.assign(body.data.crmStep.lastChange.nodes[0].after, stored);
    }
    return { body };
  });
  return sent;
}
