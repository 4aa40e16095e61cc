import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Launcher } from './launcher.ts';

let folder: string;
let server: net.Server;
let socket: net.Socket;
let launcher: Launcher;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'guruconnect-pipe-'));
  const pipe = path.join(folder, 'pipe');
  server = net.createServer().listen(pipe);
  const connected = once(server, 'connection');
  launcher = await Launcher.connect(pipe);
  [socket] = (await connected) as [net.Socket];
  socket.setEncoding('utf8');
});

afterEach(async () => {
  await launcher.close();
  socket.destroy();
  server.close();
  rmSync(folder, { recursive: true });
});

const say = (...lines: string[]) => socket.write(lines.map((line) => `${line}\n`).join(''));
const never = new AbortController().signal;

it('tells and is told a JSON object a line', async () => {
  launcher.tell({ type: 'code-refused', text: 'No.' });
  const [heard] = (await once(socket, 'data')) as [string];
  expect(heard).toBe('{"type":"code-refused","text":"No."}\n');
  say('{"type":"code","code":"847291"}');
  expect(await launcher.next('code', never)).toEqual({ type: 'code', code: '847291' });
});

it('keeps what came before somebody listened for it, and ignores what it does not know', async () => {
  say('{"type":"stop","why":"new"}', '{"type":"fly"}', '{"type":"code","code":"12"}', '{"type":"quit"}');
  await launcher.next('quit', never);
  const stopped: string[] = [];
  launcher.on('stop', ({ type }) => stopped.push(type));
  expect(stopped).toEqual(['stop']);
});

it('is gone when the other end is, and when that says what is no JSON', async () => {
  const gone = once(launcher.gone, 'abort');
  say('hello');
  await gone;
  expect(launcher.gone.aborted).toBe(true);
});

it('takes no line without an end', async () => {
  const gone = once(launcher.gone, 'abort');
  socket.on('error', () => {});
  socket.write('x'.repeat(70_000));
  await gone;
});

it('stops waiting when asked', async () => {
  const waiting = new AbortController();
  const waited = launcher.next('code', waiting.signal);
  waiting.abort(new Error('enough'));
  await expect(waited).rejects.toThrow('enough');
});

it('says so when nobody is there', async () => {
  await expect(Launcher.connect(path.join(folder, 'nobody'))).rejects.toMatchObject({ code: 'unavailable' });
});
