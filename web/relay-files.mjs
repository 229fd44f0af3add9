// Writes what relay-compiler needs and does not write itself.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { buildSchema, isEnumType, isIntrospectionType } from 'graphql';

// relay-compiler writes only to a folder and a file that exist. Both are emptied: it lists a document only when it
// writes the document's module anew, and never takes one out of the list.
const GENERATED = 'src/relay/__generated__';
rmSync(GENERATED, { recursive: true, force: true });
mkdirSync(GENERATED, { recursive: true });

// It compiles no document that asks for the schema itself. The list begins with that one, and keeps it.
const inputFields = readFileSync('src/features/step/inputFields.graphql.txt', 'utf8');
const hash = createHash('sha256').update(inputFields).digest('hex');
writeFileSync('console-documents.json', JSON.stringify({ [hash]: inputFields }));
mkdirSync('src/features/step/__generated__', { recursive: true });
writeFileSync('src/features/step/__generated__/inputFields.ts', `export const INPUT_FIELDS = '${hash}';\n`);

// All enums of the schema. relay-compiler has only those that a document selects, once for each of its artifacts; the
// messages have a sentence for each value, so that a value without one is a type error.
const schema = buildSchema(readFileSync('../schema.graphql', 'utf8'));
const types = Object.values(schema.getTypeMap()).filter((type) => isEnumType(type) && !isIntrospectionType(type));
const unions = types.map((type) => {
  const values = type.getValues().map(({ name }) => `'${name}'`);
  return `export type ${type.name} = ${values.join(' | ')};\n`;
});
mkdirSync('src/messages/__generated__', { recursive: true });
writeFileSync('src/messages/__generated__/enums.ts', unions.join(''));
