import { defineConfig } from 'vite';

export default defineConfig({
  build: {
    // The server serves this folder at /graphiql/, and index.html at /.
    assetsDir: 'graphiql',
    // Files of their own are cached for good; the page's policy needs no exception for them.
    assetsInlineLimit: 0,
    // The editor is one large piece that is loaded once, after signing in.
    chunkSizeWarningLimit: 4000,
    // What the bundled packages ask for in return.
    license: { fileName: 'graphiql/licenses.md' },
    // The packages' "use client" means nothing here, and would be hundreds of warnings.
    rolldownOptions: { checks: { moduleLevelDirective: false } },
    target: 'es2022',
  },
  worker: { format: 'es' },
});
