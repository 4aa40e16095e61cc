// Runs in Windows' Node: loads the addon and does what a test says over TCP, in lines of JSON.
import { createRequire } from 'node:module';
import net from 'node:net';
import { createInterface } from 'node:readline';

const [port, file, probeFile] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const addon = require(file);
const socket = net.connect(Number(port), '127.0.0.1');
const say = (message) => socket.write(`${JSON.stringify(message, withBase64)}\n`);

/** Bytes become `{ "base64": ... }`; JSON.stringify has called `toJSON` of a Buffer already. */
function withBase64(_key, value) {
  const isBytes = value?.type === 'Buffer' && Array.isArray(value.data);
  return isBytes ? { base64: Buffer.from(value.data).toString('base64') } : value;
}

let capture;
const calls = {
  version: () => addon.version,
  clock: () => Number(process.hrtime.bigint()) / 1e6,
  cpu: () => process.cpuUsage(),
  listDisplays: () => addon.listDisplays(''),
  open: (options) => {
    capture = addon.openCapture(options, (event) => say({ event }));
  },
  probe: (method, ...args) => require(probeFile)[method](...args),
  capture: (method, ...args) => capture[method](...args),
};

createInterface(socket).on('line', (line) => {
  const { id, call, args } = JSON.parse(line);
  try {
    say({ id, result: calls[call](...args) ?? null });
  } catch (error) {
    say({ id, error: error.message });
  }
});
socket.on('close', () => process.exit(0));
