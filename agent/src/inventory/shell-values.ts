/** Lines of `KEY=value` in the shell's way, as in os-release(5) and machine-info(5). */
export function parseShellValues(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, key, value] = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) values.set(key, unquote(value.trim()));
  }
  return values;
}

function unquote(value: string): string {
  const [, double, single] = /^"(.*)"$|^'(.*)'$/.exec(value) ?? [];
  if (single !== undefined) return single;
  return (double ?? value).replaceAll(/\\(["$`\\])/g, '$1').trim();
}
