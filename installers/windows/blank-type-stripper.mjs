// @ts-check

/** How Node 22 carries the part that strips types from TypeScript: WebAssembly, as base64 in one of its own scripts. */
const BEGIN = Buffer.from('Buffer2.from("AGFzbQ');
const QUOTE_AT = BEGIN.indexOf('"');
/** The others that look alike, which parse HTTP, have less than a tenth of this. */
const AT_LEAST = 1_000_000;

/**
 * Puts blanks in place of what strips types, 3 MB that compress badly. The agent runs no TypeScript; whoever tried
 * would get an error. The script keeps its length, which is what Node's compiled form of it is checked against.
 *
 * @param {Buffer} program node.exe; it stays as it is.
 * @throws unless there is exactly one.
 */
export function blankTypeStripper(program) {
  const found = [];
  for (let at = program.indexOf(BEGIN); at >= 0; at = program.indexOf(BEGIN, at + 1)) {
    const start = at + QUOTE_AT + 1;
    const end = program.indexOf('"', start);
    if (end - start >= AT_LEAST) found.push({ start, end });
  }
  const [only] = found;
  if (!only || found.length > 1)
    throw new Error(`node.exe has ${found.length} type strippers instead of one`);
  const blanked = Buffer.from(program);
  blanked.fill(' ', only.start, only.end);
  return { program: blanked, bytes: only.end - only.start };
}
