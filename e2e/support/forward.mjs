// @ts-check
/** Passes TCP connections on: `node forward.mjs <listen host> <port> <target host> <port>`; prints `listening`. */
import { connect, createServer } from 'node:net';

const [listenHost, listenPort, targetHost, targetPort] = process.argv.slice(2);

const server = createServer((inner) => {
  const outer = connect({ host: targetHost, port: Number(targetPort) });
  inner.pipe(outer);
  outer.pipe(inner);
  // Either end's going takes the other along; who is connected notices by itself.
  inner.on('error', () => outer.destroy());
  outer.on('error', () => inner.destroy());
  inner.on('close', () => outer.destroy());
  outer.on('close', () => inner.destroy());
});
server.listen(Number(listenPort), listenHost, () => process.stdout.write('listening\n'));
