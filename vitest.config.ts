import { defineConfig } from 'vitest/config';

const packages = '{shared,server,web,agent,tools}';

/**
 * `unit`: beside the sources and in `<package>/test`, side by side. `e2e`: the whole product in real
 * browsers on real desktops, one file after the other, since each wants the machine for itself.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [`${packages}/**/*.test.{ts,tsx}`],
          exclude: ['**/node_modules/**', '**/dist/**'],
          // These only end what hangs; a slow machine is no failure.
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 90_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
