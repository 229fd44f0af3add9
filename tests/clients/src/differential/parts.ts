// Parts of documents that the tables share.

/** A mutation that stores nothing, with these fields in its input besides the required ones. */
export const step = (fields: string) =>
  `createCrmStep(input: {name: "x", scenarioId: "x", ${fields}}, validateOnly: true) { replayed }`;
export const steps = (fields: string) =>
  `createCrmSteps(inputs: [{name: "x", scenarioId: "x", ${fields}}], validateOnly: true) { replayed }`;
export const agents = (argument: string) => `agents(${argument}) { totalCount }`;
export const move = (to: string) => `moveCrmStep(id: "x", to: ${to}) { replayed }`;
export const types = (inner: string) => `__schema { types { ${inner} } }`;
