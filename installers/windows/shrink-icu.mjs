// @ts-check
/**
 * Makes node.exe compress to less: two fifths of it are data on 800 languages that the agent, which speaks English to
 * nobody but the log, never asks for. What is kept moves together, the rest becomes zeros; no address changes.
 */
import { encodeIcuPackage, findIcuPackage } from './icu-package.mjs';

/** The locales that stay; any other falls back to English. */
const LOCALES = new Set(['root', 'en', 'en_US', 'en_001', 'en_GB', 'res_index', 'pool']);

/** Looks like the name of a locale: `de`, `sr_Latn_RS`, `en_US_POSIX`. */
const LOCALE_NAME = /^[a-z]{2,3}(_[A-Z][a-z]{3})?(_([A-Z]{2}|\d{3}))?(_[A-Z]+)*$/;

/** Rules for reading aloud, writing in other letters, look-alike characters and the names of characters. */
const NEVER = /^translit\/|^rbnf\/(?!root|res_index|pool)|\.(cnv|cfu)$|^unames\.icu$/;

/**
 * Whether an item stays: all data about characters as such, and the locales above. Web addresses, regular expressions,
 * upper and lower case, dates and sorting stay whole; of text encodings, only the Unicode ones and Latin-1 do.
 *
 * @param {string} name For example `icudt77l/curr/de.res`.
 */
export function isKept(name) {
  const path = name.replace(/^[^/]+\//, '');
  if (NEVER.test(path)) return false;
  const folder = path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
  const file = path.slice(path.lastIndexOf('/') + 1);
  const stem = file.replace(/\.\w+$/, '');
  if (folder === 'brkitr') return isKeptBreakRule(file, stem);
  if (!file.endsWith('.res') || LOCALES.has(stem)) return true;
  return folder === '' ? !LOCALE_NAME.test(stem) : /^(supplementalData|tzdbNames)$/.test(stem);
}

/**
 * Where words and lines end: the general rules stay, the dictionaries of Thai, Chinese and others go.
 *
 * @param {string} file
 * @param {string} stem
 */
function isKeptBreakRule(file, stem) {
  if (file.endsWith('.res')) return LOCALES.has(stem);
  return file.endsWith('.brk') && /^(char|word|line|sent|title)$/.test(stem);
}

/**
 * @param {Buffer} program node.exe as it was published; it stays as it is.
 * @returns {{ program: Buffer, keptItems: number, allItems: number, keptBytes: number, allBytes: number }}
 * @throws when there is no ICU data where it should be, or not enough room.
 */
export function shrinkIcu(program) {
  const { start, end, items, lastName } = findIcuPackage(program);
  // How long the last one is, is not known; it can only go.
  if (isKept(lastName)) throw new Error(`the last item of the ICU data, ${lastName}, would have to stay`);
  const kept = items.filter(({ name }) => isKept(name));
  const encoded = encodeIcuPackage(kept);
  if (start + encoded.length > end) throw new Error('what is kept of the ICU data is larger than all of it');
  const shrunk = Buffer.from(program);
  shrunk.fill(0, start, end);
  encoded.copy(shrunk, start);
  return {
    program: shrunk,
    keptItems: kept.length,
    allItems: items.length + 1,
    keptBytes: encoded.length,
    allBytes: end - start,
  };
}
