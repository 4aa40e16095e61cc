import { MAX_INVENTORY_TEXT } from '@guruconnect/shared';

/** A text of an inventory: one line, of a length that the server takes. */
export function inventoryLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replaceAll(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, MAX_INVENTORY_TEXT);
}
