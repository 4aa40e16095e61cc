import type { QueryProblem } from '../machine-query.ts';

/** Why a text is no query; thrown inside the parser only. */
export class QueryFault extends Error {
  readonly problem: QueryProblem;

  constructor(at: number, length: number, message: string) {
    super(message);
    this.problem = { at, length: Math.max(1, length), message };
  }
}

/** Blanks of any kind; control characters separate as well, so that they never reach the database. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is meant here
const BLANK = /[\s\u0000-\u001f\u007f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is meant here
const BLANKS = /[\s\u0000-\u001f\u007f]+/g;
/** Phones write typographic quotes by themselves. */
const QUOTES = '"“”„';

export const isBlank = (char: string | undefined): boolean => char === undefined || BLANK.test(char);
export const isQuote = (char: string | undefined): boolean => char !== undefined && QUOTES.includes(char);
/** Blanks in a row count as one, around the text as none. */
export const tidy = (text: string): string => text.replace(BLANKS, ' ').trim();

/** Reads a text from left to right. */
export class QueryScanner {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get next(): string | undefined {
    return this.text[this.at];
  }

  /** Whether there is more after the blanks that come next. */
  skipBlanks(): boolean {
    while (this.at < this.text.length && isBlank(this.next)) this.at += 1;
    return this.at < this.text.length;
  }

  /** What lies before the next blank. */
  peekChunk(): string {
    let end = this.at;
    while (end < this.text.length && !isBlank(this.text[end])) end += 1;
    return this.text.slice(this.at, end);
  }

  /** A value: in quotes with blanks and everything, or bare up to a blank or one of `stops`. */
  value(stops: string): { text: string; isQuoted: boolean } {
    if (isQuote(this.next)) return { text: this.#quoted(stops), isQuoted: true };
    const start = this.at;
    while (!isBlank(this.next) && !stops.includes(this.next ?? '')) this.at += 1;
    return { text: this.text.slice(start, this.at), isQuoted: false };
  }

  /** In quotes, `\"` and `\\` stand for a quote and a backslash; any other backslash for itself. */
  #quoted(stops: string): string {
    const start = this.at;
    const isEnd = this.next === '"' ? (char: string) => char === '"' : (char: string) => isQuote(char);
    let text = '';
    for (this.at += 1; ; this.at += 1) {
      const char = this.next;
      if (char === undefined) {
        throw new QueryFault(start, this.text.length - start, 'This quote is not closed.');
      }
      if (isEnd(char)) break;
      const after = this.text[this.at + 1];
      if (char === '\\' && (after === '"' || after === '\\')) {
        text += after;
        this.at += 1;
      } else text += char;
    }
    this.at += 1;
    if (!isBlank(this.next) && !stops.includes(this.next ?? '')) {
      throw new QueryFault(this.at, 1, 'Put a space after the closing quote.');
    }
    return tidy(text);
  }
}
