import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { checkSizes } from './check-size.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));
/** Where the development server sends API and socket traffic. */
const server = process.env.GURUCONNECT_DEV_SERVER ?? 'http://127.0.0.1:8080';

/** The development server's share of what the product's server does: which page answers which path. */
function pages(): Plugin {
  return {
    name: 'guruconnect-pages',
    configureServer({ middlewares }) {
      middlewares.use((request, _response, next) => {
        const path = (request.url ?? '/').split(/[?#]/)[0] ?? '/';
        if (/^\/app\/session\/[^.]+$/.test(path)) request.url = '/session.html';
        else if (/^\/(app|setup|connect)(\/[^.]*)?$/.test(path)) request.url = '/app.html';
        else if (/^\/join(\/[^.]*)?$/.test(path)) request.url = '/index.html';
        next();
      });
    },
  };
}

/** Fails the build when the first load of a page outgrows its budget. */
function sizeBudgets(): Plugin {
  let directory = '';
  return {
    name: 'guruconnect-size-budgets',
    apply: 'build',
    configResolved({ root: base, build }) {
      directory = resolve(base, build.outDir);
    },
    closeBundle(error) {
      if (error) return;
      const { lines, isWithin } = checkSizes(directory);
      if (!isWithin) this.error(lines.join('\n'));
      this.info(lines.join('\n'));
    },
  };
}

export default defineConfig({
  root,
  appType: 'mpa',
  plugins: [react(), tailwindcss(), pages(), sizeBudgets()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    manifest: true,
    // The content security policy allows no data: URLs for scripts and fonts; files are cached for ever anyway.
    assetsInlineLimit: 0,
    rollupOptions: {
      input: { portal: `${root}index.html`, dashboard: `${root}app.html`, session: `${root}session.html` },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': server, '/download': server, '/socket.io': { target: server, ws: true } },
  },
});
