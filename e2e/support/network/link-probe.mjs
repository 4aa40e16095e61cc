// @ts-check
/**
 * Measures a line by numbered UDP packets, each with its time of sending:
 *   link-probe.mjs receive <address> <port>               prints `ready`, then `result <json>` after 0.9 s of silence
 *   link-probe.mjs send <address> <port> <count> <bytes> <packets a second>
 */
import { createSocket } from 'node:dgram';

const [role, address, port, count, bytes, perSecond] = process.argv.slice(2);
const SILENCE_MS = 900;
// Both ends run on one machine and share this clock.
const now = () => Number(process.hrtime.bigint()) / 1e6;

if (role === 'receive') receive();
else await send(Number(count), Number(bytes), Number(perSecond));

function receive() {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4 << 20 });
  /** @type {number[]} */
  const numbers = [];
  /** @type {number[]} */
  const delaysMs = [];
  /** @type {number[]} */
  const arrivedMs = [];
  /** @type {NodeJS.Timeout | undefined} */
  let silence;
  const finish = () => {
    process.stdout.write(`result ${JSON.stringify({ numbers, delaysMs, arrivedMs })}\n`);
    socket.close();
  };
  socket.on('message', (packet) => {
    numbers.push(packet.readUInt32BE(0));
    delaysMs.push(now() - packet.readDoubleBE(4));
    arrivedMs.push(now());
    clearTimeout(silence);
    silence = setTimeout(finish, SILENCE_MS);
  });
  socket.bind(Number(port), address, () => {
    process.stdout.write('ready\n');
    silence = setTimeout(finish, 10_000);
  });
}

/** @param {number} total @param {number} size @param {number} rate */
async function send(total, size, rate) {
  const socket = createSocket('udp4');
  await new Promise((resolve) => socket.connect(Number(port), address, () => resolve(undefined)));
  const start = now();
  for (let number = 0; number < total; number += 1) {
    while (now() < start + (number * 1000) / rate) await new Promise((resolve) => setImmediate(resolve));
    const packet = Buffer.alloc(size);
    packet.writeUInt32BE(number, 0);
    packet.writeDoubleBE(now(), 4);
    socket.send(packet);
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  socket.close();
}
