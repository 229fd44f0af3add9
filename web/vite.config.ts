import { defineConfig } from 'vite';

export default defineConfig({
  build: {
    // The server serves this folder at /graphiql/, and index.html at /.
    assetsDir: 'graphiql',
    // Separate files are cached permanently, and the policy of the page needs no exception for them.
    assetsInlineLimit: 0,
    // The editor is one large chunk that is loaded once, after signing in.
    chunkSizeWarningLimit: 4000,
    // The licences of the bundled packages.
    license: { fileName: 'graphiql/licenses.md' },
    // The "use client" directives of packages have no meaning here, and would cause hundreds of warnings.
    rolldownOptions: { checks: { moduleLevelDirective: false } },
    target: 'es2022',
  },
  worker: { format: 'es' },
});
