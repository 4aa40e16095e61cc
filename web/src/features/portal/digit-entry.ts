import { normalizeSessionCode, SESSION_CODE_LENGTH } from '@guruconnect/shared';

/** Six boxes with at most one digit each, and the box that has the focus. Pure, so that tests can type into it. */
export interface DigitEntry {
  readonly digits: readonly string[];
  readonly focus: number;
}

const LAST = SESSION_CODE_LENGTH - 1;

export function createDigitEntry(code = ''): DigitEntry {
  const digits = Array.from({ length: SESSION_CODE_LENGTH }, (_unused, index) => code[index] ?? '');
  return { digits, focus: Math.min(code.length, LAST) };
}

/** The whole code, once every box is filled. */
export function codeOf(entry: DigitEntry): string | undefined {
  return normalizeSessionCode(entry.digits.join(''));
}

/** What a box holds after typing, autofill or a phone's suggestion: one digit or a whole code. */
export function enterText(entry: DigitEntry, index: number, text: string): DigitEntry {
  const whole = normalizeSessionCode(text);
  if (whole) return createDigitEntry(whole);
  const typed = digitsOf(text);
  const before = entry.digits[index] ?? '';
  // A filled box reports its old digit with the new one, in either order.
  const added = typed.length > 1 && before !== '' ? typed.replace(before, '') : typed;
  return added === '' ? entry : fillFrom(entry, index, added);
}

/** A paste of "847 291" fills all boxes wherever it lands; fewer digits go in from the box on. */
export function pasteText(entry: DigitEntry, index: number, text: string): DigitEntry {
  const whole = normalizeSessionCode(text);
  return whole ? createDigitEntry(whole) : fillFrom(entry, index, digitsOf(text));
}

/** Backspace: empties the box, or the one before when it is empty already. */
export function eraseBack(entry: DigitEntry, index: number): DigitEntry {
  const target = entry.digits[index] === '' ? Math.max(0, index - 1) : index;
  return { digits: entry.digits.map((digit, at) => (at === target ? '' : digit)), focus: target };
}

/** Where a navigation key leads; undefined for keys that mean nothing here. */
export function moveFocus(entry: DigitEntry, index: number, key: string): DigitEntry | undefined {
  const targets: Record<string, number> = {
    ArrowLeft: Math.max(0, index - 1),
    ArrowRight: Math.min(LAST, index + 1),
    Home: 0,
    End: LAST,
  };
  const focus = targets[key];
  return focus === undefined ? undefined : { ...entry, focus };
}

function fillFrom(entry: DigitEntry, index: number, text: string): DigitEntry {
  const room = text.slice(0, SESSION_CODE_LENGTH - index);
  const digits = entry.digits.map((digit, at) => room[at - index] ?? digit);
  return { digits, focus: Math.min(index + room.length, LAST) };
}

function digitsOf(text: string): string {
  return text.normalize('NFKC').replace(/[^0-9]/g, '');
}
