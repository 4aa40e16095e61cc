import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { describeError } from '../core/log.ts';
import type { Finding } from './diagnosis.ts';

const DEFAULT_PORT = 3478;
/** RFC 8489 */
const COOKIE = 0x2112_a442;
const BINDING_REQUEST = 0x0001;
const BINDING_SUCCESS = 0x0101;
const XOR_MAPPED_ADDRESS = 0x0020;
const IPV4 = 1;
const RETRIES_MS = [0, 300, 900];

/** Asks a STUN or TURN server (`stun:HOST:PORT`, `turn:HOST:PORT`) how this computer looks from outside. */
export async function lookAtUdp(server: string, timeoutMs: number): Promise<Finding> {
  const [, kind = 'stun', host = '', port] =
    /^(?:(stun|turn):)?([^?]+?)(?::(\d+))?(?:\?.*)?$/.exec(server) ?? [];
  const title = `UDP to ${kind}:${host}`;
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  const timers: NodeJS.Timeout[] = [];
  const transaction = randomBytes(12);
  try {
    const address = await new Promise<string>((resolve, reject) => {
      socket.on('error', reject);
      socket.on('message', (message) => {
        const mapped = mappedAddress(message, transaction);
        if (mapped !== undefined) resolve(mapped);
      });
      const ask = () =>
        socket.send(bindingRequest(transaction), Number(port ?? DEFAULT_PORT), host, (error) => {
          if (error) reject(error);
        });
      for (const ms of RETRIES_MS) timers.push(setTimeout(ask, ms));
      timers.push(setTimeout(() => reject(new Error('no answer')), timeoutMs));
    });
    return { title, outcome: 'good', text: `It answers; from outside this computer is ${address}.` };
  } catch (error) {
    const text = `UDP does not get through; pictures go by the slower way over the server. (${describeError(error)})`;
    return { title, outcome: 'doubtful', text };
  } finally {
    for (const timer of timers) clearTimeout(timer);
    socket.close();
  }
}

function bindingRequest(transaction: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(BINDING_REQUEST, 0);
  head.writeUInt32BE(COOKIE, 4);
  return Buffer.concat([head, transaction]);
}

/** undefined for what is no answer to this transaction. */
export function mappedAddress(message: Buffer, transaction: Buffer): string | undefined {
  if (message.length < 20 || message.readUInt16BE(0) !== BINDING_SUCCESS) return undefined;
  if (!message.subarray(8, 20).equals(transaction)) return undefined;
  const end = Math.min(message.length, 20 + message.readUInt16BE(2));
  for (let at = 20; at + 4 <= end; ) {
    const type = message.readUInt16BE(at);
    const length = message.readUInt16BE(at + 2);
    const value = message.subarray(at + 4, at + 4 + length);
    if (type === XOR_MAPPED_ADDRESS && value.length >= 8 && value.readUInt8(1) === IPV4) {
      const port = value.readUInt16BE(2) ^ (COOKIE >>> 16);
      const address = (value.readUInt32BE(4) ^ COOKIE) >>> 0;
      return `${[24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.')}, port ${port}`;
    }
    at += 4 + length + ((4 - (length % 4)) % 4);
  }
  return 'known to it';
}
