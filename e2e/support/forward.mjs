// @ts-check
/**
 * Passes TCP connections on: `node forward.mjs <listen> <target> [<listen> <target> …]`, each `host:port` or the path
 * of a Unix socket. Prints `listening <port of the first>` once all of them listen.
 */
import { connect, createServer } from 'node:net';

/** @param {string} place */
function placeOf(place) {
  if (place.startsWith('/')) return { path: place };
  const colon = place.lastIndexOf(':');
  return { host: place.slice(0, colon), port: Number(place.slice(colon + 1)) };
}

/**
 * @param {string} listen
 * @param {string} target
 * @returns {Promise<number>} the port it listens on; 0 for a path
 */
function forward(listen, target) {
  const server = createServer({ noDelay: true }, (inner) => {
    const outer = connect({ ...placeOf(target), noDelay: true });
    inner.pipe(outer);
    outer.pipe(inner);
    // Either end's going takes the other along; who is connected notices by itself.
    inner.on('error', () => outer.destroy());
    outer.on('error', () => inner.destroy());
    inner.on('close', () => outer.destroy());
    outer.on('close', () => inner.destroy());
  });
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(placeOf(listen), () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}

const places = process.argv.slice(2);
const ports = [];
for (let at = 0; at + 1 < places.length; at += 2) {
  ports.push(await forward(places[at] ?? '', places[at + 1] ?? ''));
}
process.stdout.write(`listening ${ports[0]}\n`);
