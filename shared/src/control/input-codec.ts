import { GuruError } from '../errors.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';

/** Pointer buttons as numbered on the wire, the DOM's own `MouseEvent.button`. */
export const POINTER_BUTTONS = ['left', 'middle', 'right', 'back', 'forward'] as const;

/** Modifier and lock state that the technician's keyboard had at a key event. */
export const MODIFIER = {
  shift: 1,
  control: 2,
  alt: 4,
  meta: 8,
  altGraph: 16,
  capsLock: 32,
  numLock: 64,
} as const;

/** Where the pointer is: a display's number and pixels inside that display. */
export interface PointerPlace {
  readonly display: number;
  readonly x: number;
  readonly y: number;
}

/**
 * What a technician's hands do. Every message has an `inputId` that rises by one within a peer across the
 * `move` and `input` channels, so that the frame which first shows its effect can name it.
 */
export type InputMessage =
  | ({ readonly type: 'move'; readonly inputId: number } & PointerPlace)
  | ({
      readonly type: 'button';
      readonly inputId: number;
      readonly button: number;
      readonly down: boolean;
    } & PointerPlace)
  /** In 1/120 of a wheel notch, as Windows counts; positive is down and right. */
  | ({
      readonly type: 'wheel';
      readonly inputId: number;
      readonly dx: number;
      readonly dy: number;
    } & PointerPlace)
  | {
      readonly type: 'key';
      readonly inputId: number;
      /** USB HID usage of the physical key on page 7, 0 when the browser did not tell it. */
      readonly usage: number;
      /** The character that the technician's layout gives for it, 0 for keys without one. */
      readonly codePoint: number;
      readonly down: boolean;
      readonly repeat: boolean;
      /** Sum of {@link MODIFIER} bits. */
      readonly modifiers: number;
    }
  /** Text without keys: an input method, a phone's keyboard, typed clipboard. */
  | { readonly type: 'text'; readonly inputId: number; readonly text: string }
  /** Which keys (usages) are really held; the agent releases every other one. */
  | { readonly type: 'held'; readonly inputId: number; readonly usages: readonly number[] }
  /** Release every key and button: the technician left, blurred, or gave control away. */
  | { readonly type: 'release-all'; readonly inputId: number }
  /** Means nothing: behind another message it shows the transport soon that the other got lost. On `move` alone. */
  | { readonly type: 'nudge'; readonly inputId: number };

export const INPUT_OPCODE = {
  move: 0x01,
  button: 0x02,
  wheel: 0x03,
  key: 0x04,
  text: 0x05,
  held: 0x06,
  'release-all': 0x07,
  nudge: 0x08,
} as const satisfies Record<InputMessage['type'], number>;

/** Longest text of one message, in UTF-8 bytes; longer text is sent in several. */
export const MAX_TEXT_BYTES = 4096;
export const MAX_HELD_KEYS = 64;

/** Bytes of one input message: opcode (1), inputId (4), then the fields below; all big-endian. */
export function encodeInput(message: InputMessage): Uint8Array<ArrayBuffer> {
  const opcode = INPUT_OPCODE[message.type];
  switch (message.type) {
    case 'move':
      return place(new ByteWriter(10).u8(opcode).u32(message.inputId), message).bytes;
    case 'button':
      return place(new ByteWriter(12).u8(opcode).u32(message.inputId), message)
        .u8(message.button)
        .u8(message.down ? 1 : 0).bytes;
    case 'wheel':
      return place(new ByteWriter(14).u8(opcode).u32(message.inputId), message)
        .i16(message.dx)
        .i16(message.dy).bytes;
    case 'key':
      return new ByteWriter(13)
        .u8(opcode)
        .u32(message.inputId)
        .u16(message.usage)
        .u32(message.codePoint)
        .u8((message.down ? 1 : 0) | (message.repeat ? 2 : 0))
        .u8(message.modifiers).bytes;
    case 'text': {
      const utf8 = new TextEncoder().encode(message.text);
      if (utf8.length > MAX_TEXT_BYTES) throw GuruError.invalid('The text is too long.');
      return new ByteWriter(7 + utf8.length).u8(opcode).u32(message.inputId).u16(utf8.length).raw(utf8).bytes;
    }
    case 'held': {
      if (message.usages.length > MAX_HELD_KEYS) throw GuruError.invalid('Too many held keys.');
      const writer = new ByteWriter(6 + 2 * message.usages.length).u8(opcode).u32(message.inputId);
      writer.u8(message.usages.length);
      for (const usage of message.usages) writer.u16(usage);
      return writer.bytes;
    }
    case 'release-all':
    case 'nudge':
      return new ByteWriter(5).u8(opcode).u32(message.inputId).bytes;
  }
}

/** The inverse of {@link encodeInput}; throws `invalid-message` on anything else. */
export function decodeInput(bytes: Uint8Array): InputMessage {
  const reader = new ByteReader(bytes);
  const opcode = reader.u8();
  const inputId = reader.u32();
  const message = readBody(reader, opcode, inputId);
  reader.end();
  return message;
}

function readBody(reader: ByteReader, opcode: number, inputId: number): InputMessage {
  switch (opcode) {
    case INPUT_OPCODE.move:
      return { type: 'move', inputId, ...readPlace(reader) };
    case INPUT_OPCODE.button: {
      const at = readPlace(reader);
      const button = reader.u8();
      if (button >= POINTER_BUTTONS.length) throw GuruError.invalid('Unknown pointer button.');
      return { type: 'button', inputId, ...at, button, down: readFlag(reader.u8()) };
    }
    case INPUT_OPCODE.wheel:
      return { type: 'wheel', inputId, ...readPlace(reader), dx: reader.i16(), dy: reader.i16() };
    case INPUT_OPCODE.key: {
      const usage = reader.u16();
      const codePoint = reader.u32();
      if (codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint <= 0xdfff)) {
        throw GuruError.invalid('Not a Unicode character.');
      }
      const flags = reader.u8();
      const modifiers = reader.u8();
      if (flags > 3 || modifiers > 127) throw GuruError.invalid('Unknown key flags.');
      return {
        type: 'key',
        inputId,
        usage,
        codePoint,
        down: (flags & 1) !== 0,
        repeat: (flags & 2) !== 0,
        modifiers,
      };
    }
    case INPUT_OPCODE.text: {
      const length = reader.u16();
      if (length > MAX_TEXT_BYTES) throw GuruError.invalid('The text is too long.');
      return { type: 'text', inputId, text: readUtf8(reader.raw(length)) };
    }
    case INPUT_OPCODE.held: {
      const count = reader.u8();
      if (count > MAX_HELD_KEYS) throw GuruError.invalid('Too many held keys.');
      return { type: 'held', inputId, usages: Array.from({ length: count }, () => reader.u16()) };
    }
    case INPUT_OPCODE['release-all']:
      return { type: 'release-all', inputId };
    case INPUT_OPCODE.nudge:
      return { type: 'nudge', inputId };
    default:
      throw GuruError.invalid('Unknown input message.');
  }
}

function place(writer: ByteWriter, at: PointerPlace): ByteWriter {
  return writer.u8(at.display).u16(at.x).u16(at.y);
}

function readPlace(reader: ByteReader): PointerPlace {
  return { display: reader.u8(), x: reader.u16(), y: reader.u16() };
}

function readFlag(value: number): boolean {
  if (value > 1) throw GuruError.invalid('A flag is 0 or 1.');
  return value === 1;
}

function readUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw GuruError.invalid('The text is not UTF-8.', error);
  }
}
