// Writes what relay-compiler needs and does not write itself.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { buildSchema, isEnumType, isIntrospectionType } from 'graphql';

// relay-compiler writes only to a folder and a file that exist. Both are emptied: it lists a document only when it
// writes the document's module anew, and never takes one out of the list.
const GENERATED = 'src/relay/__generated__';
rmSync(GENERATED, { recursive: true, force: true });
mkdirSync(GENERATED, { recursive: true });
writeFileSync('console-documents.json', '{}');

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
