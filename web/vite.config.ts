import { readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import optimizeLocales from '@react-aria/optimize-locales-plugin';
import { defineConfig, type Plugin } from 'vite';

/** The documents that the console sends, by their hash; relay-compiler writes this file. */
const DOCUMENTS = 'console-documents.json';

/**
 * Replaces the tag of each GraphQL document by an import of what relay-compiler has generated for it. By hand,
 * because vite-plugin-relay-lite does not support Vite 8, and babel-plugin-relay would add Babel to the build.
 */
function relay(): Plugin {
  const generated = `${import.meta.dirname}/src/relay/__generated__`;
  const tag = /\bgraphql`\s*(?:query|mutation|subscription|fragment)\s+(\w+)[^`]*`/g;
  return {
    name: 'relay',
    enforce: 'pre',
    transform: {
      filter: { id: /\.tsx?$/, code: 'graphql`' },
      handler(code) {
        const imports = new Set<string>();
        const replaced = code.replace(tag, (_, name: string) => {
          imports.add(`import document_${name} from '${generated}/${name}.graphql.ts';`);
          return `document_${name}`;
        });
        return { code: [...imports, replaced].join(''), map: null };
      },
    },
  };
}

/**
 * React Aria clears what it announces by setting `innerHTML`, which Trusted Types forbid: after a number field has been
 * changed twice, the error would take the whole page away.
 */
function announcements(): Plugin {
  const forbidden = ".innerHTML = ''";
  return {
    name: 'announcements',
    transform: {
      filter: { id: /\/LiveAnnouncer\.m?js$/, code: forbidden },
      handler: (code) => ({ code: code.replaceAll(forbidden, '.replaceChildren()'), map: null }),
    },
  };
}

/** Adds the documents of the console to the files that the server embeds: it executes no others by their hash. */
function documents(): Plugin {
  return {
    name: 'documents',
    applyToEnvironment: ({ name }) => name === 'client',
    generateBundle(_, bundle) {
      const source = readFileSync(`${import.meta.dirname}/${DOCUMENTS}`, 'utf8');
      for (const file of Object.values(bundle)) {
        const sent = file.type === 'chunk' ? file.code.matchAll(/\bid:\s*["'`]([0-9a-f]{64})["'`]/g) : [];
        for (const [, hash] of sent) {
          if (!source.includes(`"${hash}"`)) this.error(`${DOCUMENTS} lacks ${hash}; npm run relay writes it anew`);
        }
      }
      this.emitFile({ type: 'asset', fileName: DOCUMENTS, source });
    },
  };
}

/**
 * Writes the compressed forms of each file beside it; the server sends the one that the browser prefers. Fonts are
 * compressed already. Quality 11 of Brotli would take ten times as long, for 9 % fewer bytes.
 */
function compress(): Plugin {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
  const forms = {
    br: (contents: Uint8Array) => brotliCompressSync(contents, { params }),
    gz: (contents: Uint8Array) => gzipSync(contents, { level: 9 }),
  };
  return {
    name: 'compress',
    writeBundle({ dir }, bundle) {
      for (const file of Object.values(bundle)) {
        if (!/\.(css|html|js|md|svg|ttf)$/.test(file.fileName)) continue;
        const contents = Buffer.from(file.type === 'chunk' ? file.code : file.source);
        for (const [extension, form] of Object.entries(forms)) {
          const compressed = form(contents);
          if (compressed.length < contents.length) writeFileSync(`${dir}/${file.fileName}.${extension}`, compressed);
        }
      }
    },
  };
}

export default defineConfig({
  plugins: [relay(), announcements(), documents(), compress(), optimizeLocales.vite({ locales: ['en-US', 'pt-BR'] })],
  build: {
    // The server serves this folder at /assets/.
    assetsDir: 'assets',
    // Separate files are cached permanently, and the policies need no exception for them.
    assetsInlineLimit: 0,
    // The editor of GraphiQL is one large chunk that is loaded once, after signing in.
    chunkSizeWarningLimit: 4000,
    // The licences of the bundled packages.
    license: { fileName: 'assets/licenses.md' },
    // Which files each page loads first; the test of the bundle's size reads it.
    manifest: 'manifest.json',
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // One file of what every page needs, instead of dozens of small ones, which compress badly.
        codeSplitting: { groups: [{ name: 'console', test: /\/src\/main\.tsx$/ }] },
      },
      // The "use client" directives of packages have no meaning here, and would cause hundreds of warnings.
      checks: { moduleLevelDirective: false },
    },
    target: 'es2022',
  },
  // GraphiQL is built for itself: files that both pages share would be cut for both, and the console, which has to
  // load fast, would load a part of them that it does not need.
  environments: {
    graphiql: {
      consumer: 'client',
      build: {
        emptyOutDir: false,
        license: { fileName: 'assets/graphiql-licenses.md' },
        manifest: false,
        rolldownOptions: { input: 'graphiql.html', output: { codeSplitting: true } },
      },
    },
  },
  builder: {
    buildApp: async ({ build, environments: { client, graphiql } }) => {
      // The first one empties the folder.
      if (client) await build(client);
      if (graphiql) await build(graphiql);
    },
  },
  worker: { format: 'es' },
  server: { proxy: { '/graphql': { target: 'http://127.0.0.1:8080', ws: true } } },
});
