import {
  decodeInput,
  GuruError,
  type InputMessage,
  MAX_CONTROL_BYTES,
  ViewerControlMessage,
} from '@guruconnect/shared';
import * as z from 'zod/mini';

/** A message on `input` or `move`; throws `invalid-message` on anything else. */
export function parseViewerInput(label: 'input' | 'move', data: string | Uint8Array): InputMessage {
  if (typeof data === 'string') throw GuruError.invalid('Text where bytes are expected.');
  const message = decodeInput(data);
  // A move may also come reliably, on `input`: before keys, and when the pointer has come to rest.
  const fits = message.type === 'nudge' ? label === 'move' : label === 'input' || message.type === 'move';
  if (!fits) {
    throw GuruError.invalid(`A message '${message.type}' on the wrong channel.`);
  }
  return message;
}

/** A message on `control`; throws `invalid-message` on anything else. */
export function parseViewerControl(data: string | Uint8Array): ViewerControlMessage {
  if (typeof data !== 'string') throw GuruError.invalid('Bytes where text is expected.');
  if (Buffer.byteLength(data) > MAX_CONTROL_BYTES) throw GuruError.invalid('The message is too long.');
  let json: unknown;
  try {
    json = JSON.parse(data);
  } catch (error) {
    throw GuruError.invalid('The message is not JSON.', error);
  }
  const parsed = z.safeParse(ViewerControlMessage, json);
  if (!parsed.success) throw GuruError.invalid('The message is malformed.', parsed.error);
  return parsed.data;
}
