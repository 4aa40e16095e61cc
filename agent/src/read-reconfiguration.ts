import {
  GuruError,
  Label,
  MAX_TAGS,
  PropertyKey,
  PropertyValue,
  Reconfiguration,
  Tag,
} from '@guruconnect/shared';
import * as z from 'zod/mini';

/** What a machine is called, as options of the command line. */
export const LABEL_OPTIONS = {
  name: { type: 'string' },
  site: { type: 'string' },
  department: { type: 'string' },
  type: { type: 'string' },
  tag: { type: 'string', multiple: true },
  property: { type: 'string', multiple: true },
} as const;

interface LabelValues {
  readonly name?: string | undefined;
  readonly site?: string | undefined;
  readonly department?: string | undefined;
  readonly type?: string | undefined;
  readonly tag?: readonly string[] | undefined;
  readonly property?: readonly string[] | undefined;
}

/** Throws `invalid-message` with the option that is wrong. */
export function reconfigurationOf(values: LabelValues): Reconfiguration {
  const change: Reconfiguration = {
    ...label('name', 'name', values.name),
    ...label('site', 'site', values.site),
    ...label('department', 'department', values.department),
    ...label('deviceType', 'type', values.type),
    ...(values.tag ? { tags: tagsOf(values.tag) } : {}),
    ...(values.property ? { properties: propertiesOf(values.property) } : {}),
  };
  const parsed = z.safeParse(Reconfiguration, change);
  if (!parsed.success) throw GuruError.invalid(`At most ${MAX_TAGS} tags and 50 custom properties.`);
  return parsed.data;
}

function label(key: 'name' | 'site' | 'department' | 'deviceType', option: string, text: string | undefined) {
  if (text === undefined) return {};
  const parsed = z.safeParse(Label, text);
  if (!parsed.success) throw GuruError.invalid(`--${option} is one line of at most 80 characters.`);
  return { [key]: parsed.data };
}

/** `--tag ''` alone takes all tags away. */
function tagsOf(texts: readonly string[]): string[] {
  return texts
    .filter((text) => text.trim() !== '')
    .map((text) => {
      const parsed = z.safeParse(Tag, text);
      if (!parsed.success) throw GuruError.invalid('--tag is one line of at most 80 characters.');
      return parsed.data;
    });
}

function propertiesOf(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      const key = z.safeParse(PropertyKey, text.slice(0, Math.max(0, at)));
      if (at < 1 || !key.success) {
        throw GuruError.invalid(
          `--property ${text.slice(0, 60)}: write KEY=VALUE; a key begins with a letter and has letters, digits, dots, dashes and underscores.`,
        );
      }
      const value = z.safeParse(PropertyValue, text.slice(at + 1));
      if (!value.success) throw GuruError.invalid(`--property ${key.data}: at most 500 characters.`);
      return [key.data, value.data];
    }),
  );
}
