import { defineConfig } from 'vitest/config';

/**
 * Some tests hold real processes to real time (a cut within 2 s, answers within 2 ms of each other); a machine that is
 * busy for a moment may miss it once. The closing lines name every test that needed another try.
 */
const RETRIES = 2;
const packages = '{shared,server,web,agent,sfu,tools,bench,installers}';

/**
 * `unit`: beside the sources and in `<package>/test`, side by side. `e2e`: the whole product in real
 * browsers on real desktops, one file after the other, since each wants the machine for itself. `windows`: what
 * needs Wine, from single programs to the whole product.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [`${packages}/**/*.test.{ts,tsx}`],
          exclude: ['**/node_modules/**', '**/dist/**', '**/*.wine.test.ts'],
          // These only end what hangs; a slow machine is no failure.
          testTimeout: 60_000,
          hookTimeout: 120_000,
          retry: RETRIES,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          exclude: ['e2e/windows-*.test.ts'],
          fileParallelism: false,
          testTimeout: 90_000,
          hookTimeout: 120_000,
          retry: RETRIES,
        },
      },
      {
        test: {
          name: 'windows',
          include: [`${packages}/**/*.wine.test.ts`, 'e2e/windows-*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 300_000,
          retry: RETRIES,
        },
      },
    ],
  },
});
