/** What a header value of a file has between `${` and `}`: the command line takes it from the environment, the page asks for it. */
const VARIABLE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$\{/g;

/** The shape of a pipeline file, as far as variables are concerned. */
interface WithSteps {
  steps?: unknown;
}

/** The names of all variables, each once, in the order of the file. */
export function variablesOf(spec: unknown): string[] {
  const names = headersOf(spec).flatMap((headers) => Object.values(headers).flatMap(namesIn));
  return [...new Set(names)];
}

function namesIn(value: unknown): string[] {
  if (typeof value !== 'string') return [];
  return [...value.matchAll(VARIABLE)].map((match) => match[1]).filter((name) => name !== undefined);
}

/** The same file with the values of its variables. `$${` stands for `${` itself. Nothing is replaced in a value. */
export function withValues<T>(spec: T, values: Readonly<Record<string, string>>): T {
  const copy = structuredClone(spec);
  for (const headers of headersOf(copy)) {
    for (const [header, value] of Object.entries(headers)) {
      if (typeof value === 'string') headers[header] = replaced(value, values);
    }
  }
  return copy;
}

function replaced(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(VARIABLE, (found, name: string | undefined) => {
    if (found === '$${') return '${';
    return name === undefined ? found : (values[name] ?? found);
  });
}

function headersOf(spec: unknown): Record<string, unknown>[] {
  if (!isMap(spec)) return [];
  const { steps }: WithSteps = spec;
  if (!Array.isArray(steps)) return [];
  return steps.filter(isMap).flatMap(({ webhookHeader }) => (isMap(webhookHeader) ? [webhookHeader] : []));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
