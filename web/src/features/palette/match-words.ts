/** Whether every word of the wish begins a word of the text, in any order and case. */
export function matchesWords(text: string, wish: string): boolean {
  const words = split(text);
  return split(wish).every((wanted) => words.some((word) => word.startsWith(wanted)));
}

function split(text: string): string[] {
  return text
    .toLocaleLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}
