import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { rootCertificates } from 'node:tls';
import { describe, expect, it } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import type { AgentConfig } from './command-line.ts';
import { readCommandLine } from './config.ts';
import { AGENT_VERSION } from './version.ts';

function config(argv: string[], env: Record<string, string> = {}): AgentConfig {
  const read = readCommandLine(argv, { DISPLAY: ':0', ...env });
  if (read.kind !== 'run') throw new Error('no configuration');
  return read.config;
}

const SERVER = ['--server', 'https://help.example.com'];

describe('the command line', () => {
  it('takes server, code and display, and has defaults for the rest', () => {
    expect(config([...SERVER, '--code', '847 291', '--display', ':5'])).toEqual({
      origin: 'https://help.example.com',
      code: '847291',
      ca: undefined,
      display: ':5',
      windows: true,
      bindAddress: undefined,
      stateDir: path.join(homedir(), '.local/state/guruconnect'),
      encoder: 'auto',
      logLevel: 'off',
    });
  });

  it('of Windows wants no display, and keeps its state where that system has it', () => {
    const env = {
      GURUCONNECT_SERVER: 'help.example.com',
      GURUCONNECT_CODE: '847291',
      GURUCONNECT_PIPE: '\\\\.\\pipe\\guruconnect-1',
      GURUCONNECT_UI: 'C:\\GuruConnect.exe',
      GURUCONNECT_STATE_DIR: 'C:\\session',
      ProgramFiles: 'C:\\Program Files',
      ProgramData: 'C:\\ProgramData',
    };
    expect(readCommandLine(['--one-time'], env, 'windows')).toMatchObject({
      kind: 'run',
      config: {
        display: '',
        pipe: env.GURUCONNECT_PIPE,
        panelProgram: env.GURUCONNECT_UI,
        stateDir: 'C:\\session',
      },
    });
    const { GURUCONNECT_STATE_DIR: _, ...service } = env;
    expect(readCommandLine(['--check-in'], service, 'windows')).toMatchObject({
      kind: 'check-in',
      config: {
        stateDir: 'C:\\ProgramData\\GuruConnect',
        serviceProgram: 'C:\\Program Files\\GuruConnect\\guruconnect-service.exe',
      },
    });
  });

  it('takes the encoder from the environment, and refuses one that does not exist', () => {
    const withEncoder = (encoder: string) => config(SERVER, { GURUCONNECT_ENCODER: encoder }).encoder;
    expect(withEncoder('media-foundation')).toBe('media-foundation');
    expect(withEncoder('')).toBe('auto');
    expect(() => withEncoder('nvenc')).toThrow(
      "GURUCONNECT_ENCODER is 'nvenc', which is no encoder: auto, openh264, media-foundation.",
    );
    const service = readCommandLine(['--windows-session'], { GURUCONNECT_ENCODER: 'openh264' }, 'windows');
    expect(service).toMatchObject({ config: { encoder: 'openh264' } });
  });

  it('falls back to the environment', () => {
    const env = {
      GURUCONNECT_SERVER: 'help.example.com:8443',
      GURUCONNECT_CODE: '000001',
      XDG_RUNTIME_DIR: '/run/me',
    };
    expect(config([], env)).toMatchObject({
      origin: 'https://help.example.com:8443',
      code: '000001',
      display: ':0',
      windows: true,
      stateDir: '/run/me/guruconnect',
    });
  });

  it('leaves an absent code to be asked for', () => {
    expect(config(SERVER).code).toBeUndefined();
  });

  it('drops what follows the host of an address that was copied from a browser', () => {
    expect(config(['--server', 'http://127.0.0.1:3000/support?x=1']).origin).toBe('http://127.0.0.1:3000');
  });

  it('trusts a given authority besides the usual ones', () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'gc-ca-'));
    writeFileSync(path.join(dir, 'ca.pem'), 'our authority');
    const { ca } = config([...SERVER, '--ca-file', path.join(dir, 'ca.pem')]);
    expect(ca).toEqual([...rootCertificates, 'our authority']);
    rmSync(dir, { recursive: true });
  });

  it.each([
    [['--code', '1'], /--server https/],
    [['--server', 'ftp://x'], /is not the address of a server/],
    [['--server', 'https://'], /is not the address of a server/],
    [[...SERVER, '--code', '12345'], /has six digits/],
    [[...SERVER, '--ca-file', '/nowhere/ca.pem'], /cannot be read/],
    [[...SERVER, '--log', 'loud'], /is not a log level/],
    [[...SERVER, '--colour', 'red'], /--colour/],
    [[...SERVER, 'stray'], /stray/],
  ])('refuses %j with a sentence that helps', (argv, message) => {
    expect(() => config(argv)).toThrow(message);
  });

  it('says when there is no display', () => {
    expect(() => readCommandLine(SERVER, {})).toThrow(/no X display/);
  });

  it('knows help and version without a server', () => {
    expect(readCommandLine(['--help'], {})).toEqual({ kind: 'help' });
    expect(readCommandLine(['--version'], {})).toEqual({ kind: 'version' });
  });
});

it('the agent tells the version of its package', () => {
  expect(AGENT_VERSION).toBe(packageJson.version);
});

describe('the command line of an always-on agent', () => {
  const TOKEN = `-${'a'.repeat(42)}`;
  const read = (...argv: string[]) => readCommandLine(argv, { GURUCONNECT_SERVER: 'help.example.com' });

  it('takes a mode with dashes and without, and a token that begins with a dash', () => {
    for (const mode of ['--enrol', 'enrol']) {
      expect(read(mode, '--token', TOKEN, '--name', ' Front desk ', '--tag', 'a', '--tag', 'b')).toEqual({
        kind: 'enrol',
        config: {
          origin: 'https://help.example.com',
          token: TOKEN,
          ca: undefined,
          newIdentity: false,
          change: { name: 'Front desk', tags: ['a', 'b'] },
          stateDir: '/var/lib/guruconnect',
        },
      });
    }
    expect(read('status', '--state-dir', '/tmp/x')).toEqual({ kind: 'status', stateDir: '/tmp/x' });
  });

  it('needs no display to run as a service, which looks for the desktop itself', () => {
    expect(readCommandLine(['--service'], {})).toEqual({
      kind: 'service',
      config: {
        display: undefined,
        authFile: undefined,
        bindAddress: undefined,
        windows: true,
        stateDir: '/var/lib/guruconnect',
        logLevel: 'info',
      },
    });
  });

  it('reads what is to be changed, and what is to be taken away', () => {
    const args = [
      '--site',
      '',
      '--type',
      'Server',
      '--tag',
      '',
      '--property',
      'asset=47=11',
      '--property',
      'old=',
    ];
    expect(read('--reconfigure', ...args)).toMatchObject({
      change: { site: '', deviceType: 'Server', tags: [], properties: { asset: '47=11', old: '' } },
    });
  });

  it.each([
    [['--enrol'], /--token TOKEN/],
    [['--enrol', '--token', 'short'], /is no token/],
    [['--enrol', '--service'], /either --enrol or --service/],
    [['--reconfigure'], /Say what to change/],
    [['--reconfigure', '--company', 'Evil Corp'], /on the server alone/],
    [['--reconfigure', '--name', 'a\nb'], /--name is one line/],
    [['--reconfigure', '--name', 'x'.repeat(81)], /at most 80/],
    [['--reconfigure', '--property', 'novalue'], /KEY=VALUE/],
    [['--reconfigure', '--property', '1a=x'], /KEY=VALUE/],
    [['--reconfigure', '--property', `a=${'x'.repeat(501)}`], /at most 500/],
    [['--reconfigure', ...new Array(21).fill(['--tag', 'x']).flat()], /At most 20 tags/],
  ])('refuses %j with a sentence that helps', (argv, message) => {
    expect(() => read(...argv)).toThrow(message);
  });
});
