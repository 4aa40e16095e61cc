import { createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LauncherConfig, ReleaseManifest, releaseManifestText, type WindowsBuild } from '@guruconnect/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { rawRequest } from '../support/raw-request.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { createPgliteData, type TestDatabase } from '../support/test-databases.ts';
import { readResources } from './support/read-resources.ts';
import { sha256, writeWindowsBuild } from './support/windows-build.ts';

describe('the one-time program for Windows', () => {
  const windowsBuildDir = mkdtempSync(join(tmpdir(), 'gc-windows-'));
  let database: TestDatabase;
  let server: TestServer;
  let build: WindowsBuild;

  const start = async (config: { publicUrl?: string } = {}) => {
    server = await startTestServer({ database, config: { windowsBuildDir, ...config } });
  };
  const fetchBytes = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(server.localUrl + path, { headers });
    return {
      status: response.status,
      headers: response.headers,
      bytes: Buffer.from(await response.arrayBuffer()),
    };
  };
  const program = (code = '847291') => fetchBytes(`/download/windows/GuruConnect-${code}.exe`);
  const configOf = (bytes: Buffer) =>
    z.parse(LauncherConfig, JSON.parse(String(readResources(bytes).get('GCCONFIG'))));

  beforeAll(async () => {
    database = await createPgliteData();
    await start();
  });
  afterAll(async () => {
    await server.close();
    await database.remove();
    rmSync(windowsBuildDir, { recursive: true });
  });

  it('is missed in plain words until it is built, and is there as soon as it is', async () => {
    const { status, bytes } = await program();
    expect([status, bytes.toString()]).toEqual([404, expect.stringContaining('npm run build:windows')]);
    expect((await server.browser().call('portalConfig')).windows).toBeNull();
    build = writeWindowsBuild(windowsBuildDir);
    expect((await program()).status).toBe(200);
    const { windows } = await server.browser().call('portalConfig');
    expect(windows).toEqual({ bytes: build.files.ui.size + build.files.pack.size, unsigned: true });
  });

  it('carries the address of its server, the key of releases and the pack, signed', async () => {
    const { status, headers, bytes } = await program();
    expect([status, headers.get('content-disposition')]).toEqual([
      200,
      'attachment; filename="GuruConnect-847291.exe"',
    ]);
    const resources = readResources(bytes);
    const config = configOf(bytes);
    expect(config).toMatchObject({ origin: server.url, company: 'GuruConnect', version: '0.1.0', ca: '' });
    expect(sha256(resources.get('GCPACK') ?? '')).toBe(build.files.pack.sha256);
    const manifest = String(resources.get('GCMANIFEST'));
    const { name: _, ...pack } = build.files.pack;
    expect(z.parse(ReleaseManifest, JSON.parse(manifest))).toMatchObject({ pack, service: null, ui: null });
    expect(isSigned(manifest, resources.get('GCSIGNATURE'), config.releaseKey)).toBe(true);
    expect(isSigned(`${manifest} `, resources.get('GCSIGNATURE'), config.releaseKey)).toBe(false);
  });

  it('is the same bytes for every code, and in pieces', async () => {
    const [first, second] = [await program('847291'), await program('000000')];
    expect(second.bytes.equals(first.bytes)).toBe(true);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toBe(`"${sha256(first.bytes)}"`);
    const path = '/download/windows/GuruConnect-847291.exe';
    const piece = await fetchBytes(path, { range: 'bytes=1000-1999', 'if-range': etag });
    expect([piece.status, piece.headers.get('content-range')]).toEqual([
      206,
      `bytes 1000-1999/${first.bytes.length}`,
    ]);
    expect(piece.bytes.equals(first.bytes.subarray(1000, 2000))).toBe(true);
    const end = await fetchBytes(path, { range: 'bytes=-10' });
    expect(end.bytes.equals(first.bytes.subarray(-10))).toBe(true);
    expect((await fetchBytes(path, { range: 'bytes=0-9', 'if-range': '"other"' })).status).toBe(200);
    expect((await fetchBytes(path, { range: `bytes=${first.bytes.length}-` })).status).toBe(416);
    const again = await rawRequest(server.localUrl, path, { headers: { 'if-none-match': etag } });
    expect([again.status, again.body]).toEqual([304, '']);
    const head = await fetch(server.localUrl + path, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe(String(first.bytes.length));
  });

  it.each(['84729', '8472911', '84729a', '..%2f847291', '847291%0d%0a'])(
    'is not there for %s, which is no code',
    async (code) => {
      expect((await rawRequest(server.localUrl, `/download/windows/GuruConnect-${code}.exe`)).status).toBe(
        404,
      );
    },
  );

  it('is for the address that it was fetched from, and refuses what is no address', async () => {
    const path = '/download/windows/GuruConnect.exe';
    const { status } = await rawRequest(server.localUrl, path, { headers: { host: "a';id;'" } });
    expect(status).toBe(400);
    const { headers } = await rawRequest(server.localUrl, path, {
      method: 'HEAD',
      headers: { host: 'help.example.com' },
    });
    expect(headers.etag).not.toBe((await program()).headers.get('etag'));
  });

  it('makes no programs for ever new addresses', async () => {
    const statuses = [];
    for (let at = 0; at < 10; at += 1) {
      const headers = { host: `host-${at}.example.com` };
      statuses.push(
        (await rawRequest(server.localUrl, '/download/windows/GuruConnect.exe', { headers, method: 'HEAD' }))
          .status,
      );
    }
    expect(statuses).toContain(429);
    expect((await program()).status).toBe(200);
  });

  it('lets installed machines fetch the newest version: its manifest, its signature and each file', async () => {
    const { bytes: text } = await fetchBytes('/download/release/win32-x64/manifest.json');
    const { bytes: signature } = await fetchBytes('/download/release/win32-x64/manifest.sig');
    const { releaseKey } = configOf((await program()).bytes);
    expect(isSigned(text.toString(), signature, releaseKey)).toBe(true);
    const manifest = z.parse(ReleaseManifest, JSON.parse(text.toString()));
    for (const blob of [manifest.pack, manifest.service, manifest.ui]) {
      const { status, headers, bytes } = await fetchBytes(`/download/release/blob/${blob?.sha256}`);
      expect([status, bytes.length, sha256(bytes)]).toEqual([200, blob?.size, blob?.sha256]);
      expect(headers.get('cache-control')).toContain('immutable');
    }
    const exact = await fetchBytes(`/download/release/win32-x64/${sha256(text)}/manifest.json`);
    expect(exact.bytes.equals(text)).toBe(true);
    expect((await fetchBytes(`/download/release/blob/${'0'.repeat(64)}`)).status).toBe(404);
    expect((await fetchBytes(`/download/release/win32-x64/${'0'.repeat(64)}/manifest.sig`)).status).toBe(404);
  });

  it('comes without the pack where the administrator prefers it small', async () => {
    const admin = await server.setUp();
    const settings = await admin.call('getSettings');
    await admin.call('changeSettings', { body: { ...settings, windowsForm: 'small' } });
    const { bytes } = await program();
    expect([...readResources(bytes).keys()].sort()).toEqual(['GCCONFIG', 'GCMANIFEST', 'GCSIGNATURE']);
    expect(configOf(bytes).company).toBe('Acme Support');
    expect(await admin.call('getReleases')).toMatchObject({
      windows: { version: '0.1.0', form: 'small', oneTimeBytes: bytes.length, signedBy: null },
    });
    await admin.call('changeSettings', { body: settings });
  });

  it('stays the same after a restart, and is a new one with a new version', async () => {
    const before = await program();
    const manifest = await fetchBytes('/download/release/win32-x64/manifest.json');
    await server.close();
    await start({ publicUrl: 'https://help.example.com' });
    expect(configOf((await program()).bytes).origin).toBe('https://help.example.com');
    const ofPublic = await program();
    await server.close();
    await start({ publicUrl: 'https://help.example.com' });
    expect((await program()).headers.get('etag')).toBe(ofPublic.headers.get('etag'));
    writeWindowsBuild(windowsBuildDir, { version: '0.2.0' });
    expect(configOf((await program()).bytes).version).toBe('0.2.0');
    expect(before.headers.get('etag')).not.toBe((await program()).headers.get('etag'));
    const old = await fetchBytes(`/download/release/win32-x64/${sha256(manifest.bytes)}/manifest.json`);
    expect(old.bytes.equals(manifest.bytes)).toBe(true);
  });
});

function isSigned(manifest: string, signature: Buffer | undefined, releaseKey: string): boolean {
  const key = createPublicKey({ key: Buffer.from(releaseKey, 'base64url'), format: 'der', type: 'spki' });
  const text = Buffer.from(releaseManifestText(manifest));
  return verify('sha256', text, { key, dsaEncoding: 'ieee-p1363' }, signature ?? Buffer.alloc(0));
}
