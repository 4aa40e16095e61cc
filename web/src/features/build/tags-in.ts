/** The tags in a line that people typed, separated by commas; those that differ in case only are the same. */
export function tagsIn(line: string): string[] {
  const tags = new Map<string, string>();
  for (const part of line.split(',')) {
    const tag = part.trim();
    if (tag && !tags.has(tag.toLowerCase())) tags.set(tag.toLowerCase(), tag);
  }
  return [...tags.values()];
}
