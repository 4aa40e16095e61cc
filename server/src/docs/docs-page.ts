import { API_BASE, type ApiRoute, apiRoutes, FileReply } from '@guruconnect/shared';
import * as z from 'zod/mini';

/** The API's documentation as one page without scripts; its sheet is {@link DOCS_STYLE}. */
export function docsPage(): string {
  const routes = Object.entries<ApiRoute>(apiRoutes);
  const tags = [...new Set(routes.map(([, route]) => route.tag))];
  const sections = tags.map((tag) => {
    const rows = routes
      .filter(([, route]) => route.tag === tag)
      .map(([name, route]) => routeSection(name, route));
    return `<section aria-labelledby="tag-${tag}"><h2 id="tag-${tag}">${tag}</h2>${rows.join('')}</section>`;
  });
  const links = tags.map((tag) => `<li><a href="#tag-${tag}">${tag}</a></li>`).join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>GuruConnect API</title>
<link rel="stylesheet" href="/api/docs.css">
</head>
<body>
<header>
<h1>GuruConnect API</h1>
<p>Sign in with <code>POST ${API_BASE}/auth/login</code>, keep the cookie, and send the reply’s <code>csrfToken</code>
as the header <code>x-csrf-token</code> with every request that is not a <code>GET</code>. Times are milliseconds since
the Unix epoch. A refusal answers <code>{"error": {"code", "message"}}</code>.
The same for programs: <a href="/api/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>
<nav aria-label="Subjects"><ul>${links}</ul></nav>
</header>
<main>${sections.join('\n')}</main>
</body>
</html>
`;
}

function routeSection(name: string, route: ApiRoute): string {
  const facts = [
    route.auth === 'login' ? 'signed in' : 'anybody',
    ...(route.permission === null ? [] : [`permission ${route.permission}`]),
  ];
  return `<article id="${escapeHtml(name)}">
<h3><span class="method ${route.method.toLowerCase()}">${route.method}</span> <code>${escapeHtml(API_BASE + route.path)}</code></h3>
<p>${escapeHtml(route.summary)}. <span class="facts">${escapeHtml(facts.join(' · '))}</span></p>
${schemaBlock('Query', route.query, 'input')}${bodyBlock(route)}${schemaBlock('Reply', route.reply, 'output')}
</article>`;
}

function bodyBlock({ body, file }: ApiRoute): string {
  if (!file) return schemaBlock('Body', body, 'input');
  return block('Body', `a file, ${file.types.join(' or ')}, at most ${file.maxBytes} bytes`);
}

function schemaBlock(title: string, schema: z.ZodMiniType | undefined, io: 'input' | 'output'): string {
  if (!schema) return '';
  if (schema === FileReply) return block(title, 'a file');
  const text = outline(z.toJSONSchema(schema, { io: title === 'Query' ? 'output' : io }) as Schema, '');
  return block(title, text);
}

function block(title: string, text: string): string {
  return `<details><summary>${title}</summary><pre tabindex="0">${escapeHtml(text)}</pre></details>`;
}

interface Schema {
  readonly type?: string | string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly const?: unknown;
  readonly enum?: unknown[];
  readonly anyOf?: Schema[];
  readonly oneOf?: Schema[];
  readonly items?: Schema;
  readonly properties?: Record<string, Schema>;
  readonly required?: string[];
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** A schema as people read one: `{ name: string (1-80), teamId?: uuid | null }`. */
function outline(schema: Schema, indent: string): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.map((choice) => outline(choice, indent)).join(' | ');
  if (schema.type === 'array') return `[ ${outline(schema.items ?? {}, indent)} ]`;
  if (schema.properties) {
    const inner = `${indent}  `;
    const lines = Object.entries(schema.properties).map(([name, property]) => {
      const mark = schema.required?.includes(name) ? '' : '?';
      return `${inner}${name}${mark}: ${outline(property, inner)}`;
    });
    return lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n${indent}}`;
  }
  return `${schema.format ?? String(schema.type ?? 'anything')}${lengthOf(schema)}`;
}

function lengthOf({ minLength, maxLength }: Schema): string {
  if (minLength === undefined && maxLength === undefined) return '';
  return ` (${minLength ?? 0}-${maxLength ?? 'any'} characters)`;
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}

/** Follows the system's theme; readable on a phone. */
export const DOCS_STYLE = `:root {
  color-scheme: light dark;
  --back: #ffffff; --text: #1b2330; --faint: #566074; --line: #d8dde6; --block: #f4f6f9; --link: #1d5fd1;
  --get: #1c6e3d; --post: #1d5fd1; --put: #6a3fb5; --patch: #8a5300; --delete: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #0e141f; --text: #e6eaf2; --faint: #a3adbf; --line: #2a3445; --block: #161e2c; --link: #8ab4ff;
    --get: #6fd694; --post: #8ab4ff; --put: #c3a6ff; --patch: #f0b35e; --delete: #ff8f86;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem 4rem; background: var(--back); color: var(--text);
  font: 1rem/1.55 system-ui, sans-serif; }
a { color: var(--link); }
h1 { margin: 0 0 .5rem; } h2 { margin: 2.5rem 0 .5rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem; }
h3 { margin: 1.25rem 0 .25rem; font-size: 1rem; overflow-wrap: anywhere; }
p { margin: .25rem 0; } .facts { color: var(--faint); }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: 0; list-style: none; }
code, pre { font-family: ui-monospace, monospace; font-size: .9rem; }
.method { display: inline-block; min-width: 4.5rem; font-weight: 700; }
.get { color: var(--get); } .post { color: var(--post); } .put { color: var(--put); } .patch { color: var(--patch); } .delete { color: var(--delete); }
summary { cursor: pointer; color: var(--faint); }
pre { margin: .25rem 0 .5rem; padding: .75rem; overflow-x: auto; background: var(--block); border: 1px solid var(--line);
  border-radius: .5rem; }
`;
