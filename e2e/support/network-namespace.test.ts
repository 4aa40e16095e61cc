import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { createNamespace, namespacesUnavailable } from './network-namespace.ts';

const reason = namespacesUnavailable();
if (reason) console.warn(`The network tests are left out: ${reason}.`);

describe.skipIf(reason !== undefined)('a network namespace', () => {
  const server = createServer((_request, response) => response.end('hello'));
  afterAll(() => server.close());

  it('reaches the server by 127.0.0.1, not while the cable is cut, and again afterwards', async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const namespace = await createNamespace(port);
    try {
      const fetchInside = async () => {
        const script = `fetch('http://127.0.0.1:${port}', { signal: AbortSignal.timeout(2000) })
          .then((r) => r.text()).then(console.log, () => console.log('nothing'))`;
        const { program, args } = namespace.inside(process.execPath, ['-e', script]);
        return (await promisify(execFile)(program, args)).stdout.trim();
      };
      expect(await fetchInside()).toBe('hello');
      await namespace.cut();
      expect(await fetchInside()).toBe('nothing');
      await namespace.restore();
      expect(await fetchInside()).toBe('hello');
    } finally {
      await namespace.close();
    }
  });
});
