import { GuruError } from '@guruconnect/shared';
import type { DiagnoseConfig } from '../command-line.ts';
import { trusted } from '../config.ts';
import { describeError } from '../core/log.ts';
import { IdentityStore } from '../state/machine-identity.ts';
import { StateFolder } from '../state/state-folder.ts';
import { type Finding, findingLine } from './diagnosis.ts';
import {
  lookAtAnswer,
  lookAtCertificate,
  lookAtLine,
  lookAtName,
  lookAtPort,
  type ServerToLookAt,
} from './look-at-server.ts';
import { lookAtUdp } from './look-at-udp.ts';

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
    timeoutMs: TIMEOUT_MS,
  };
  note(proxyFinding([...config.proxies, ...(await deps.systemProxies())]));
  await lookAtWay(server, note);
  for (const one of config.iceServers) note(await lookAtUdp(one, TIMEOUT_MS));
  if (config.iceServers.length === 0) note(UDP_UNKNOWN);
  const isBad = findings.some((one) => one.outcome === 'bad');
  deps.print(
    isBad ? 'Something keeps this computer from its server.' : 'The server can be reached from here.',
  );
  return isBad ? 1 : 0;
}

const UDP_UNKNOWN: Finding = {
  title: 'UDP',
  outcome: 'doubtful',
  text: 'Not tried: the server names its STUN and TURN servers in a session alone. Say one with --ice stun:HOST:PORT.',
};

/** What comes later is of no use where what came before fails. */
async function lookAtWay(server: ServerToLookAt, note: (...found: Finding[]) => void): Promise<void> {
  for (const look of [lookAtName, lookAtPort]) {
    const found = await look(server);
    note(found);
    if (found.outcome === 'bad') return;
  }
  note(await lookAtCertificate(server));
  const answered = await lookAtAnswer(server);
  note(...answered);
  if (answered.some((one) => one.outcome === 'bad')) return;
  note(await lookAtLine(server));
}

function proxyFinding(proxies: readonly string[]): Finding {
  if (proxies.length === 0) return { title: 'Proxy', outcome: 'good', text: 'None is set.' };
  return {
    title: 'Proxy',
    outcome: 'doubtful',
    text: `${proxies.join(', ')}. The agent connects directly and does not use it.`,
  };
}

async function readIdentity(stateDir: string) {
  try {
    return { identity: await new IdentityStore(new StateFolder(stateDir)).load(), problem: undefined };
  } catch (error) {
    return { identity: undefined, problem: describeError(error) };
  }
}
