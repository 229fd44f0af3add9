// relay-compiler writes only to a folder and a file that exist. Both are emptied: it lists a document only when it
// writes the document's module anew, and never takes one out of the list.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';

const GENERATED = 'src/relay/__generated__';
rmSync(GENERATED, { recursive: true, force: true });
mkdirSync(GENERATED, { recursive: true });
writeFileSync('console-documents.json', '{}');
