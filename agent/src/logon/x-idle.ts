import { connect } from 'node:net';
import type { XCookie } from './x-authority.ts';

const TIMEOUT_MS = 2_000;
const LITTLE_ENDIAN = 0x6c;
const QUERY_EXTENSION = 98;
const SCREEN_SAVER_QUERY_INFO = 1;
const EXTENSION = 'MIT-SCREEN-SAVER';
const REPLY_BYTES = 32;

/**
 * How long nobody used keyboard or mouse on a display, in ms; undefined when the X server does not say. Speaks the X
 * protocol itself: Xlib would end this process when the display goes, and this one stays for ever.
 */
export async function readIdleMs(
  socketPath: string,
  cookie: XCookie | undefined,
): Promise<number | undefined> {
  const socket = connect(socketPath);
  const reader = new SocketReader(socket);
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('no answer in time')));
  try {
    socket.write(setupRequest(cookie));
    const header = await reader.read(8);
    // 1: welcome. Anything else is a refusal, or a further step of a kind that no cookie needs.
    if (header[0] !== 1) return undefined;
    const root = rootOf(await reader.read(header.readUInt16LE(6) * 4));
    socket.write(queryExtension(EXTENSION));
    const extension = await reader.read(REPLY_BYTES);
    if (extension[0] !== 1 || extension[8] !== 1) return undefined;
    const request = Buffer.alloc(8);
    request[0] = extension[9] ?? 0;
    request[1] = SCREEN_SAVER_QUERY_INFO;
    request.writeUInt16LE(2, 2);
    request.writeUInt32LE(root, 4);
    socket.write(request);
    const info = await reader.read(REPLY_BYTES);
    return info[0] === 1 ? info.readUInt32LE(16) : undefined;
  } catch {
    // No such display, no access, or it ended meanwhile: nothing is known.
    return undefined;
  } finally {
    socket.destroy();
  }
}

/** Bytes of a socket in pieces of a wanted length. */
class SocketReader {
  readonly #iterator: AsyncIterator<Buffer>;
  #held = Buffer.alloc(0);

  constructor(socket: AsyncIterable<Buffer>) {
    this.#iterator = socket[Symbol.asyncIterator]();
  }

  async read(length: number): Promise<Buffer> {
    while (this.#held.length < length) {
      const next = await this.#iterator.next();
      if (next.done) throw new Error('The X server ended the connection.');
      this.#held = Buffer.concat([this.#held, next.value]);
    }
    const piece = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    return piece;
  }
}

function setupRequest(cookie: XCookie | undefined): Buffer {
  const name = Buffer.from(cookie?.name ?? '');
  const data = cookie?.data ?? Buffer.alloc(0);
  const head = Buffer.alloc(12);
  head[0] = LITTLE_ENDIAN;
  head.writeUInt16LE(11, 2);
  head.writeUInt16LE(name.length, 6);
  head.writeUInt16LE(data.length, 8);
  return Buffer.concat([head, padded(name), padded(data)]);
}

function queryExtension(name: string): Buffer {
  const text = padded(Buffer.from(name));
  const head = Buffer.alloc(8);
  head[0] = QUERY_EXTENSION;
  head.writeUInt16LE(2 + text.length / 4, 2);
  head.writeUInt16LE(name.length, 4);
  return Buffer.concat([head, text]);
}

/** The first screen's root window, in the server's answer to the set-up after its first 8 bytes. */
function rootOf(setup: Buffer): number {
  const vendorBytes = setup.readUInt16LE(16);
  const formats = setup.readUInt8(21);
  return setup.readUInt32LE(32 + Math.ceil(vendorBytes / 4) * 4 + formats * 8);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}
