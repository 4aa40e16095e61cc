import * as z from 'zod/mini';
import { DisplayName } from '../ids.ts';

/** One short line of text that people set: trimmed, no control characters; empty for none. */
export const Label = z
  .string()
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused here
  .check(z.trim(), z.maxLength(80), z.regex(/^[^\u0000-\u001f\u007f]*$/));

/** A tag: as a label, never empty. Tags that differ in case only are the same. */
export const Tag = DisplayName;
export const MAX_TAGS = 20;
export const Tags = z.array(Tag).check(z.maxLength(MAX_TAGS));

/** Custom properties: set by command line on the machine and on the server, searched as `prop.key:value` (U4). */
export const PropertyKey = z.string().check(z.regex(/^[A-Za-z][A-Za-z0-9_.-]{0,39}$/));
export const PropertyValue = z.string().check(z.maxLength(500));
export const MAX_PROPERTIES = 50;
export const CustomProperties = z.record(PropertyKey, PropertyValue).check(
  z.refine((value) => Object.keys(value).length <= MAX_PROPERTIES, {
    error: `At most ${MAX_PROPERTIES} custom properties.`,
  }),
);
export type CustomProperties = z.infer<typeof CustomProperties>;

/**
 * What `guruconnect-agent --reconfigure` may change of its machine (U9); the company never. A site is named, and made
 * when the company has none of that name. A left-out one stays as it is; an empty one is taken away.
 */
export const Reconfiguration = z.object({
  name: z.optional(Label),
  site: z.optional(Label),
  department: z.optional(Label),
  deviceType: z.optional(Label),
  tags: z.optional(Tags),
  /** Merged into those that are there; an empty value takes one away. */
  properties: z.optional(CustomProperties),
});
export type Reconfiguration = z.infer<typeof Reconfiguration>;

/** How the server names a machine; the agent keeps the newest, so that it can show them. */
export const MachineLabels = z.object({
  name: z.string(),
  company: z.string(),
  site: z.string(),
  department: z.string(),
  deviceType: z.string(),
  tags: z.array(z.string()),
  properties: z.record(z.string(), z.string()),
});
export type MachineLabels = z.infer<typeof MachineLabels>;
