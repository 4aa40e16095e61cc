import { GuruError } from '@guruconnect/shared';
import type { DiagnoseConfig } from '../command-line.ts';
import { trusted } from '../config.ts';
import { describeError } from '../core/log.ts';
import { type ProxyRules, proxyFor } from '../proxy/proxy-rules.ts';
import { KeptProxies } from '../state/kept-proxies.ts';
import { IdentityStore } from '../state/machine-identity.ts';
import { StateFolder } from '../state/state-folder.ts';
import { type Finding, findingLine } from './diagnosis.ts';
import { lookAtIce } from './look-at-ice.ts';
import { lookAtProxy } from './look-at-proxy.ts';
import {
  lookAtAnswer,
  lookAtCertificate,
  lookAtLine,
  lookAtName,
  lookAtPort,
  type ServerToLookAt,
} from './look-at-server.ts';
import { lookAtWays } from './look-at-ways.ts';

const TIMEOUT_MS = 8_000;

export interface DiagnoseDeps {
  readonly print: (line: string) => void;
  /** Proxies that the system is told to use, in its own words; empty for none. */
  readonly systemProxies: () => Promise<readonly string[]>;
}

/**
 * The connection doctor: looks at each part of the way to the server and says what it finds. Resolves with the exit
 * code, 1 when something keeps this computer from being reached.
 */
export async function diagnose(config: DiagnoseConfig, deps: DiagnoseDeps): Promise<number> {
  const findings: Finding[] = [];
  const note = (...found: Finding[]) => {
    findings.push(...found);
    for (const one of found) deps.print(findingLine(one));
  };
  const { identity, problem } = await readIdentity(config.stateDir);
  if (problem !== undefined) note({ title: 'Identity', outcome: 'doubtful', text: problem });
  else if (identity) {
    const { labels, companyName } = identity.enrolment;
    note({ title: 'Identity', outcome: 'good', text: `This is ${labels.name} of ${companyName}.` });
  } else note({ title: 'Identity', outcome: 'doubtful', text: 'This computer is not enrolled.' });
  const origin = config.origin ?? identity?.origin;
  if (origin === undefined) throw GuruError.invalid('Say which server: --server https://support.example.com');
  const ca = config.ca ?? identity?.ca ?? undefined;
  const server = {
    url: new URL(origin),
    ca: ca === undefined ? undefined : trusted(ca),
    proxies: config.proxies ?? (await readKeptProxies(config.stateDir)),
    timeoutMs: TIMEOUT_MS,
  };
  note(lookAtProxy(server, [...config.namedProxies, ...(await deps.systemProxies())]));
  const isReached = await lookAtWay(server, note);
  const told = identity && identity.origin === origin ? identity : undefined;
  if (isReached && told) note(...(await lookAtWays(told, server)));
  else if (config.iceServers.length === 0) note(told ? UNREACHED : UNENROLLED);
  const given = config.iceServers.map((urls) => lookAtIce({ urls }, server));
  for (const one of given) note(await one);
  const isBad = findings.some((one) => one.outcome === 'bad');
  deps.print(
    isBad ? 'Something keeps this computer from its server.' : 'The server can be reached from here.',
  );
  return isBad ? 1 : 0;
}

const UNENROLLED: Finding = {
  title: 'STUN and TURN',
  outcome: 'doubtful',
  text: 'Not tried: the server names its own to enrolled machines alone, so enrol this computer first. --ice stun:HOST:PORT tries one now.',
};
const UNREACHED: Finding = {
  title: 'STUN and TURN',
  outcome: 'doubtful',
  text: 'Not tried: only the server can name them. --ice stun:HOST:PORT tries one now.',
};

/** Whether the server answers. What comes later is of no use where what came before fails. */
async function lookAtWay(server: ServerToLookAt, note: (...found: Finding[]) => void): Promise<boolean> {
  const proxy = proxyFor(server.proxies, server.url);
  // Behind a proxy the server's name is looked up by the proxy; many such networks know no name outside.
  for (const look of [() => lookAtName(proxy ?? server.url), () => lookAtPort(server)]) {
    const found = await look();
    note(found);
    if (found.outcome === 'bad') return false;
  }
  const certificate = await lookAtCertificate(server);
  note(certificate);
  const answered = await lookAtAnswer(server);
  note(...answered);
  if (answered.some((one) => one.outcome === 'bad')) return false;
  note(await lookAtLine(server));
  return certificate.outcome !== 'bad';
}

/** What the service goes by when nothing is said here; a folder that may not be read is told of as the identity. */
async function readKeptProxies(stateDir: string): Promise<ProxyRules | undefined> {
  return new KeptProxies(new StateFolder(stateDir)).load().catch(() => undefined);
}

async function readIdentity(stateDir: string) {
  try {
    return { identity: await new IdentityStore(new StateFolder(stateDir)).load(), problem: undefined };
  } catch (error) {
    return { identity: undefined, problem: describeError(error) };
  }
}
