import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { build, preview } from 'vite';

export interface Harness {
  readonly url: string;
  close(): Promise<void>;
}

/** Builds the viewer with its scripted server and agent, and serves it on a free port of 127.0.0.1. */
export async function startHarness(): Promise<Harness> {
  const root = fileURLToPath(new URL('.', import.meta.url));
  const outDir = await mkdtemp(join(tmpdir(), 'viewer-harness-'));
  const common = { configFile: false, root, logLevel: 'warn' } as const;
  await build({
    ...common,
    plugins: [react(), tailwindcss()],
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      minify: false,
      chunkSizeWarningLimit: 10_000,
      rollupOptions: { input: join(root, 'harness.html') },
    },
  });
  const server = await preview({
    ...common,
    build: { outDir },
    preview: { host: '127.0.0.1', port: 0, strictPort: false },
  });
  const address = server.httpServer.address();
  if (address === null || typeof address === 'string') throw new Error('The harness has no port.');
  return {
    url: `http://127.0.0.1:${address.port}/harness.html`,
    close: async () => {
      await server.close();
      await rm(outDir, { recursive: true, force: true });
    },
  };
}
