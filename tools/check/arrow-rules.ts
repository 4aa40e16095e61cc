import type { ImportEdge } from './import-graph.ts';

/** Why an import is against the architecture; undefined when it is fine. */
export type ArrowRule = (edge: ImportEdge) => string | undefined;

const PRODUCT_PARTS = ['server', 'web', 'agent', 'sfu'];
/** What every feature of the server may stand on. */
const SERVER_FOUNDATIONS = ['core', 'db', 'realtime'];
/** What every feature of the web may stand on. */
const WEB_FOUNDATIONS = ['lib', 'components', 'styles'];

const part = (path: string) => path.split('/')[0] ?? '';
const isTest = (path: string) => /\.test\.tsx?$/.test(path) || /^\w+\/test\//.test(path);
/** What is made to be borrowed by what drives the parts: test doubles, builds, the viewer's surface for tests. */
const isLent = (path: string) =>
  /\/test\//.test(path) ||
  /\/build(-windows)?\.mjs$/.test(path) ||
  path === 'web/src/features/viewer/debug-surface.ts';

const sharedStandsAlone: ArrowRule = ({ from, specifier, to }) => {
  if (part(from) !== 'shared' || isTest(from)) return undefined;
  const mayImport = to?.startsWith('shared/src/') || specifier === 'zod' || specifier === 'zod/mini';
  return mayImport ? undefined : `shared/ depends on zod and itself only, not on '${specifier}'`;
};

const partsStayApart: ArrowRule = ({ from, specifier, to }) => {
  if (to === undefined || part(to) === part(from) || part(to) === 'shared') return undefined;
  // Tests that need Wine borrow it, and the packages for Windows, from where they are made.
  if (/\/test\/|\.wine\.test\.ts$/.test(from) && /^(tools|installers)\/windows\//.test(to)) return undefined;
  if (PRODUCT_PARTS.includes(part(from))) {
    return `${part(from)}/ must not import ${part(to)}/ ('${specifier}'); what both need belongs in shared/`;
  }
  // Tools, e2e and bench drive the parts as processes; this one bench measures what the agent's process hides.
  if (from.startsWith('bench/native/') && part(to) === 'agent') return undefined;
  if (PRODUCT_PARTS.includes(part(to)) && !isLent(to)) {
    return `${part(from)}/ must not import the inside of ${part(to)}/ ('${specifier}')`;
  }
  return undefined;
};

const sharedByItsName: ArrowRule = ({ from, specifier, to }) =>
  part(from) !== 'shared' && to !== undefined && part(to) === 'shared' && specifier.startsWith('.')
    ? `import shared/ as '@guruconnect/shared', not by its path`
    : undefined;

const serverFeaturesStayApart: ArrowRule = ({ from, specifier, to }) => {
  const source = /^server\/src\/([\w-]+)\//.exec(from)?.[1];
  if (!source || isTest(from) || !to?.startsWith('server/src/')) return undefined;
  const target = /^server\/src\/([\w-]+)\//.exec(to)?.[1];
  if (target === undefined) return `a feature must not import what composes it ('${specifier}')`;
  if (target === source || SERVER_FOUNDATIONS.includes(target)) return undefined;
  return `server/src/${source}/ must not import the inside of ${target}/; ask for it through core/ports.ts`;
};

const webFeaturesStayApart: ArrowRule = ({ from, specifier, to }) => {
  if (!from.startsWith('web/src/') || isTest(from) || !to?.startsWith('web/src/')) return undefined;
  const source = /^web\/src\/features\/([\w-]+)\//.exec(from)?.[1];
  const target = /^web\/src\/features\/([\w-]+)\//.exec(to)?.[1];
  const folder = /^web\/src\/([\w-]+)\//.exec(to)?.[1] ?? '';
  if (source !== undefined) {
    if (target === source || WEB_FOUNDATIONS.includes(folder)) return undefined;
    return `web feature ${source} must not import '${specifier}'; only lib/, components/ and its own folder`;
  }
  if (target !== undefined && /^web\/src\/(lib|components)\//.test(from)) {
    return `web/src/lib and components must not import features ('${specifier}')`;
  }
  return undefined;
};

export const ARROW_RULES: readonly ArrowRule[] = [
  sharedStandsAlone,
  partsStayApart,
  sharedByItsName,
  serverFeaturesStayApart,
  webFeaturesStayApart,
];
