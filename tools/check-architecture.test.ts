import { describe, expect, it } from 'vitest';
import { checkArchitecture } from './check-architecture.ts';

/** The problems found in one seeded file, beside the files it needs. */
function problemsOf(path: string, text: string, others: Record<string, string> = {}): string[] {
  const files = [{ path, text }, ...Object.entries(others).map(([p, t]) => ({ path: p, text: t }))];
  return checkArchitecture(files)
    .filter((breach) => breach.path === path)
    .map((breach) => breach.problem);
}

const longFile = (lines: number) => Array.from({ length: lines }, (_, i) => `const v${i} = ${i};`).join('\n');

describe('a breach of the architecture is found', () => {
  it.each([
    [
      'shared/ importing Node',
      'shared/src/ids.ts',
      `import { randomUUID } from 'node:crypto';`,
      /zod and itself/,
    ],
    ['shared/ importing a package', 'shared/src/ids.ts', `import x from 'express';`, /zod and itself/],
    [
      'web importing the server',
      'web/src/app/a.ts',
      `import type { A } from '../../../server/src/app.ts';`,
      /web\/ must not import server/,
    ],
    [
      'server importing the agent by its name',
      'server/src/app.ts',
      `import { a } from '@guruconnect/agent/main.ts';`,
      /server\/ must not import agent/,
    ],
    [
      'agent importing the tools',
      'agent/src/main.ts',
      `import { a } from '../../tools/demo.ts';`,
      /agent\/ must not import tools/,
    ],
    [
      'e2e reaching into the server',
      'e2e/flow.test.ts',
      `import { a } from '../server/src/app.ts';`,
      /inside of server/,
    ],
    [
      'shared/ imported by path',
      'server/src/app.ts',
      `import { Id } from '../../shared/src/ids.ts';`,
      /@guruconnect\/shared/,
    ],
    [
      'a server feature using another',
      'server/src/auth/a.ts',
      `import { b } from '../users/b.ts';`,
      /inside of users/,
    ],
    [
      'a server feature using its composer',
      'server/src/auth/a.ts',
      `import { b } from '../app.ts';`,
      /composes it/,
    ],
    [
      'a lazy import across features',
      'server/src/auth/a.ts',
      `const b = await import('../users/b.ts');`,
      /inside of users/,
    ],
    [
      'a web feature using another',
      'web/src/features/viewer/a.tsx',
      `import { b } from '../support/b.tsx';`,
      /web feature viewer/,
    ],
    [
      'a web library using a feature',
      'web/src/lib/a.ts',
      `import { b } from '../features/support/b.ts';`,
      /must not import features/,
    ],
    ['a file that is too long', 'server/src/auth/a.ts', longFile(301), /301 lines of code/],
    ['a C++ file that is too long', 'agent/native/src/a.cc', longFile(301), /301 lines of code/],
    ['a test that is too long', 'server/src/auth/a.test.ts', longFile(501), /501 lines of code/],
    [
      'the environment read in the middle',
      'server/src/auth/a.ts',
      'export const home = process.env.HOME;',
      /process\.env/,
    ],
    ['a name in camel case', 'server/src/auth/userStore.ts', '', /kebab-case/],
    ['a component named like its class', 'web/src/components/Button.tsx', '', /kebab-case/],
    [
      'a barrel',
      'web/src/components/index.ts',
      `export * from './button.tsx';\nexport { a } from './a.tsx';`,
      /only passes on/,
    ],
  ])('%s', (_name, path, text, problem) => {
    expect(problemsOf(path, text)).toEqual([expect.stringMatching(problem)]);
  });

  it('a circle of imports, told once with its whole way', () => {
    const breaches = checkArchitecture([
      { path: 'server/src/auth/a.ts', text: `import { b } from './b.ts'; export const a = b;` },
      { path: 'server/src/auth/b.ts', text: `import { c } from './c.ts'; export const b = c;` },
      { path: 'server/src/auth/c.ts', text: `import { a } from './a.ts'; export const c = a;` },
    ]);
    expect(breaches.map((breach) => breach.problem)).toEqual([
      'is part of a circle of imports: server/src/auth/a.ts -> server/src/auth/b.ts -> server/src/auth/c.ts -> server/src/auth/a.ts',
    ]);
  });
});

describe('what the architecture allows is let through', () => {
  it.each([
    [
      'shared/ importing zod and itself',
      'shared/src/a.ts',
      `import * as z from 'zod/mini';\nimport { Id } from './ids.ts';`,
    ],
    [
      'a server feature on the foundations',
      'server/src/auth/a.ts',
      `import type { Log } from '../core/ports.ts';\nimport { users } from '../db/schema/people.ts';`,
    ],
    ['the composer importing features', 'server/src/app.ts', `import { a } from './auth/a.ts';`],
    [
      'a web feature on library and components',
      'web/src/features/viewer/a.tsx',
      `import { Button } from '../../components/button.tsx';`,
    ],
    ['config reading the environment', 'agent/src/config.ts', 'export const env = process.env;'],
    [
      'a comment that names an import',
      'shared/src/a.ts',
      `// import x from 'express';\n/* import 'node:fs' */`,
    ],
    ['comments beyond the limit', 'server/src/auth/a.ts', `${longFile(300)}\n${'// why\n'.repeat(50)}`],
    [
      'test support borrowed by e2e',
      'e2e/a.test.ts',
      `import { p } from '../server/test/support/postgres.ts';`,
    ],
    [
      "the agent's tests borrowing Wine",
      'agent/native/test/windows/a.wine.test.ts',
      `import { WinePrefix } from '../../../../tools/windows/wine-prefix.ts';`,
    ],
  ])('%s', (_name, path, text) => {
    expect(problemsOf(path, text)).toEqual([]);
  });
});
