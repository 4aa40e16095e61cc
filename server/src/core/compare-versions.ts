/**
 * Order of two versions such as `1.12.0` or `2.0.0-rc.1`: negative when the left one is older. A pre-release is older
 * than its release; what is no version at all is older than everything that is one.
 */
export function compareVersions(left: string, right: string): number {
  const a = parse(left);
  const b = parse(right);
  if (!a || !b) return Number(a !== undefined) - Number(b !== undefined);
  return compareParts(a.numbers, b.numbers) || comparePre(a.pre, b.pre);
}

function parse(version: string): { numbers: string[]; pre: string[] } | undefined {
  const match = /^v?(\d{1,9}(?:\.\d{1,9}){0,3})(?:-([0-9A-Za-z.-]+))?(?:\+.*)?$/.exec(version.trim());
  if (!match?.[1]) return undefined;
  return { numbers: match[1].split('.'), pre: match[2]?.split('.') ?? [] };
}

function comparePre(left: string[], right: string[]): number {
  if (left.length === 0 || right.length === 0) return right.length - left.length;
  return compareParts(left, right);
}

/** Part by part; numbers as numbers and before words; what is missing is as `0`, or before everything else. */
function compareParts(left: string[], right: string[]): number {
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const order = comparePart(left[i] ?? '0', right[i] ?? '0');
    if (order !== 0) return order;
  }
  return 0;
}

function comparePart(left: string, right: string): number {
  const isLeftNumber = /^\d+$/.test(left);
  const isRightNumber = /^\d+$/.test(right);
  if (isLeftNumber && isRightNumber) return Number(left) - Number(right);
  if (isLeftNumber !== isRightNumber) return isLeftNumber ? -1 : 1;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
