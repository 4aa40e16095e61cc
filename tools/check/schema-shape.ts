/** As much of JSON Schema as the generated documents need. */
interface Schema {
  readonly [key: string]: unknown;
}

/** A schema as people read types: `{ name: string, size?: integer }`. */
export function shapeOf(schema: unknown, indent = ''): string {
  if (!isSchema(schema)) return 'anything';
  if (typeof schema.$ref === 'string') return schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1);
  if ('const' in schema) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) return choices.map((choice) => shapeOf(choice, indent)).join(' | ');
  if (schema.type === 'array') return arrayShape(schema, indent);
  if (schema.type === 'object') return objectShape(schema, indent);
  if (schema.format === 'uuid') return 'uuid';
  if (Array.isArray(schema.type)) return schema.type.join(' | ');
  return typeof schema.type === 'string' ? schema.type : 'anything';
}

function arrayShape(schema: Schema, indent: string): string {
  const item = shapeOf(schema.items, indent);
  return item.includes(' | ') ? `(${item})[]` : `${item}[]`;
}

function objectShape(schema: Schema, indent: string): string {
  const properties = isSchema(schema.properties) ? Object.entries(schema.properties) : [];
  if (properties.length === 0) return '{}';
  const required = Array.isArray(schema.required) ? schema.required : [];
  const inner = `${indent}  `;
  const fields = properties.map(
    ([name, value]) => `${name}${required.includes(name) ? '' : '?'}: ${shapeOf(value, inner)}`,
  );
  const line = `{ ${fields.join(', ')} }`;
  if (indent.length + line.length <= 90 && !line.includes('\n')) return line;
  return `{\n${fields.map((field) => `${inner}${field},\n`).join('')}${indent}}`;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
