import { GuruError, normalizeSessionCode, type SessionCode } from '@guruconnect/shared';
import * as z from 'zod/mini';
import type { EncoderChoice } from '../native/addon.d.ts';
import type { LogLevel } from './core/log.ts';

const ENCODERS = ['auto', 'openh264', 'media-foundation'] as const satisfies readonly EncoderChoice[];
const LOG_LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'off'];

/** The server’s scheme, host and port; a name alone means https. Throws `invalid-message`. */
export function originOf(server: string | undefined): string {
  if (!server) throw GuruError.invalid('Say which server: --server https://support.example.com');
  const text = /^[a-z]+:\/\//i.test(server) ? server : `https://${server}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw GuruError.invalid(
      `'${server}' is not the address of a server: --server https://support.example.com`,
    );
  }
  return url.origin;
}

/** The six digits, however they are grouped. Throws `invalid-message`. */
export function codeOf(text: string | undefined): SessionCode | undefined {
  if (text === undefined) return undefined;
  const code = normalizeSessionCode(text);
  if (code === undefined)
    throw GuruError.invalid(`'${text}' is not a code: it has six digits, as in 847 291.`);
  return code;
}

/** Throws `invalid-message` where no X display is known. */
export function displayOf(display: string | undefined): string {
  if (display) return display;
  throw GuruError.invalid('There is no X display here: start it in a desktop session, or say --display :0');
}

/** Throws `invalid-message` for a word that is none. */
export function logLevelOf(text: string): LogLevel {
  const level = LOG_LEVELS.find((one) => one === text);
  if (level === undefined) throw GuruError.invalid(`'${text}' is not a log level: ${LOG_LEVELS.join(', ')}.`);
  return level;
}

/** What makes the pictures on Windows; `auto` when nothing is said. Throws `invalid-message` for a word that is none. */
export function encoderOf(text: string | undefined): EncoderChoice {
  const read = z.safeParse(z.enum(ENCODERS), text || 'auto');
  if (read.success) return read.data;
  throw GuruError.invalid(`GURUCONNECT_ENCODER is '${text}', which is no encoder: ${ENCODERS.join(', ')}.`);
}
