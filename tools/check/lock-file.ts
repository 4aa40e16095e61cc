/** The part of package-lock.json that tells which packages name which. */
export interface LockFile {
  readonly packages: Readonly<
    Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>
  >;
}

/**
 * Per-platform binaries that a package names and the lock file lacks. A registry that answers 404 for some of
 * them when the lock is written leaves a lock that installs here and is broken on another platform.
 */
export function missingPlatformPackages(lock: LockFile): string[] {
  return Object.entries(lock.packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => !places(path, name).some((place) => place in lock.packages))
      .map((name) => `${path || 'the root'} names ${name}, which the lock file lacks`),
  );
}

/** Where Node would look for `name` from the package at `path`, innermost first. */
function places(path: string, name: string): string[] {
  const folders = [path];
  for (let rest = path; rest.includes('/node_modules/'); ) {
    rest = rest.slice(0, rest.lastIndexOf('/node_modules/'));
    folders.push(rest);
  }
  return [...folders, ''].map((folder) => `${folder ? `${folder}/` : ''}node_modules/${name}`);
}
