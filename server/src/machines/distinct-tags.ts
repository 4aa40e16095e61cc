/** Tags that differ in case only are the same: the first one stays. */
export function distinctTags(tags: readonly string[]): string[] {
  const seen = new Set<string>();
  return tags.filter((tag) => {
    const key = tag.toLowerCase();
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

export function isSameTag(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
