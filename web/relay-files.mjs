// relay-compiler writes only to a folder and a file that exist. The file is emptied, so that it lists no document
// that the console has not got any more.
import { mkdirSync, writeFileSync } from 'node:fs';

mkdirSync('src/relay/__generated__', { recursive: true });
writeFileSync('console-documents.json', '{}');
