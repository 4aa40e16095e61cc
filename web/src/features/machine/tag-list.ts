import { MAX_TAGS, Tag } from '@guruconnect/shared';
import { safeParse } from 'zod/mini';

export type AddedTag =
  | { readonly kind: 'empty' }
  | { readonly kind: 'refused'; readonly sentence: string }
  | { readonly kind: 'added'; readonly tag: string; readonly tags: string[] };

/** The tags with one more; tags that differ in case only are the same. */
export function withTag(tags: readonly string[], text: string): AddedTag {
  if (text.trim() === '') return { kind: 'empty' };
  const parsed = safeParse(Tag, text);
  if (!parsed.success) return { kind: 'refused', sentence: 'A tag is one line of at most 80 characters.' };
  const tag = parsed.data;
  if (tags.some((one) => one.toLowerCase() === tag.toLowerCase()))
    return { kind: 'refused', sentence: `It has the tag ${tag} already.` };
  if (tags.length >= MAX_TAGS)
    return { kind: 'refused', sentence: `A machine has at most ${MAX_TAGS} tags.` };
  return { kind: 'added', tag, tags: [...tags, tag] };
}
