/** The link that does the same as the six digits, in one click (P5). */
export function joinLink(code: string): string {
  return `${location.origin}/join/${code}`;
}
