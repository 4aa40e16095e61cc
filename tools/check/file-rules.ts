import { importsOf, linesOfCode, type SourceFile, withoutComments } from './source-file.ts';

/** What is wrong with a file by itself; undefined when nothing is. */
export type FileRule = (file: SourceFile) => string | undefined;

const MAX_LINES = 300;
const MAX_TEST_LINES = 500;
const BARRELS_ALLOWED = new Set(['shared/src/index.ts', 'shared/src/testing/index.ts']);

const isTest = (path: string) => /\.test\.tsx?$/.test(path) || /(^|\/)test\//.test(path);

const isShortEnough: FileRule = ({ path, text }) => {
  const limit = isTest(path) ? MAX_TEST_LINES : MAX_LINES;
  const lines = linesOfCode(text);
  return lines > limit
    ? `has ${lines} lines of code, more than ${limit}: look for the second noun`
    : undefined;
};

const readsEnvironmentInOnePlace: FileRule = ({ path, text }) => {
  const mayRead =
    /^(server|agent|sfu)\/src\/config\.ts$/.test(path) ||
    /^(tools|e2e|bench)\//.test(path) ||
    isTest(path) ||
    /(^|\/)(vite|vitest)\.config\.ts$/.test(path) ||
    /\.mjs$/.test(path);
  if (mayRead || !/\bprocess\s*\.\s*env\b/.test(withoutComments(text))) return undefined;
  return 'reads process.env; only src/config.ts of each part does';
};

const isKebabCase: FileRule = ({ path }) => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  // C and C++ sources may follow their compilers' habit of underscores.
  const pattern = /\.(c|cc|h)$/.test(name)
    ? /^[a-z0-9]+([-_][a-z0-9]+)*\.\w+$/
    : /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)+$/;
  return pattern.test(name) ? undefined : 'is not named in kebab-case';
};

const isNoBarrel: FileRule = ({ path, text }) => {
  if (BARRELS_ALLOWED.has(path) || !/\.tsx?$/.test(path)) return undefined;
  const code = withoutComments(text);
  const reexports = [...code.matchAll(/\bexport\b[^;'"]*?\bfrom\s*['"]/g)].length;
  if (reexports === 0 || reexports < importsOf(text).length) return undefined;
  const rest = code.replace(/\bexport\b[^;'"]*?\bfrom\s*['"][^'"]+['"];?/g, '').trim();
  return rest === '' ? 'only passes on what others export: import the files directly' : undefined;
};

export const FILE_RULES: readonly FileRule[] = [
  isShortEnough,
  readsEnvironmentInOnePlace,
  isKebabCase,
  isNoBarrel,
];
