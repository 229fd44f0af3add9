import type { Messages } from './en';

/**
 * The name of a field of a step, a pipeline, an agent or a person, as forms, histories and plans show it. A field that
 * this page does not know, because the server is newer, keeps the name that it has in the schema.
 */
export function labelOfField({ fields }: Messages, name: string): string {
  const step: Readonly<Record<string, { label: string }>> = fields.step;
  const others: Readonly<Record<string, string>> = {
    ...fields.others,
    ...fields.membership,
    ...fields.agent,
    ...fields.scenario,
  };
  return step[name]?.label ?? others[name] ?? name;
}
