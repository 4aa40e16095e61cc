import type { Reconfiguration } from '@guruconnect/shared';
import type { EnrolConfig } from '../command-line.ts';
import { trusted } from '../config.ts';
import { enrolMachine, explainRefusal } from '../enrol/enrol-machine.ts';
import { readSystemAuthorities } from '../machine/authorities.ts';
import { osFamily } from '../machine/os-family.ts';
import { openThisMachine, type ThisMachine } from '../machine/this-machine.ts';
import { createApiClient } from '../presence/api-client.ts';
import type { ProxyRules } from '../proxy/proxy-rules.ts';
import { KeptProxies } from '../state/kept-proxies.ts';
import { IdentityStore } from '../state/machine-identity.ts';
import { PendingReconfiguration } from '../state/pending-reconfiguration.ts';
import { ServiceStateFile } from '../state/service-state.ts';
import { StateFolder } from '../state/state-folder.ts';
import { AGENT_VERSION } from '../version.ts';
import { statusLines } from './show-status.ts';

type Print = (line: string) => void;

/** How long `--reconfigure` waits to say that the server has it. */
const SYNC_MS = 10_000;
const LOOK_EVERY_MS = 100;

/** `--enrol`. Rejects with a GuruError that says what to do. */
export async function enrol(config: EnrolConfig, print: Print, machine?: ThisMachine): Promise<void> {
  const { origin, ca, token, newIdentity, change, stateDir } = config;
  const folder = new StateFolder(stateDir);
  const { os, inventory } = machine ?? (await openThisMachine(osFamily()));
  const kept = new KeptProxies(folder);
  const proxies = config.proxies ?? (await kept.load());
  const service = await new ServiceStateFile(folder).read();
  // The service's unit names the same list; here nothing has read it yet.
  const authorities = ca ?? (origin.startsWith('https:') ? await readSystemAuthorities() : undefined);
  try {
    const { enrolment } = await enrolMachine(
      {
        api: createApiClient({
          origin,
          ca: authorities === undefined ? undefined : trusted(authorities),
          proxies,
        }),
        identities: new IdentityStore(folder),
        pending: new PendingReconfiguration(folder),
        hardwareId: await inventory.hardwareId(),
        osFamily: os,
        agentVersion: AGENT_VERSION,
      },
      { origin, ca, token, newIdentity, change },
      new AbortController().signal,
    );
    // On Windows the service tells its agents anew each time what Windows is set to.
    if (os === 'linux' && config.proxies) await kept.save(config.proxies);
    print(`This computer is enrolled as ${enrolment.labels.name} of ${enrolment.companyName}.`);
  } catch (error) {
    throw explainRefusal(error);
  }
  if (service?.isRunning) print('Restart the service, so that it uses this identity.');
}

/** `--reconfigure --proxy`: what the service goes by from its next start on. */
async function keepProxies(proxies: ProxyRules, stateDir: string, print: Print): Promise<void> {
  const folder = new StateFolder(stateDir);
  await new KeptProxies(folder).save(proxies);
  const isUsed = proxies.secure !== undefined;
  print(isUsed ? 'The proxy is kept.' : 'The server is reached without a proxy.');
  const service = await new ServiceStateFile(folder).read();
  if (service?.isRunning) print('Restart the service, so that it goes by this.');
}

/**
 * `--reconfigure`: queued here, and told to the server at once where the service runs, or by `checkIn` where no service
 * of this program's kind looks for it (U9).
 */
export async function reconfigure(
  { change, proxies }: { change: Reconfiguration | undefined; proxies: ProxyRules | undefined },
  stateDir: string,
  print: Print,
  checkIn?: () => Promise<unknown>,
): Promise<void> {
  if (proxies) await keepProxies(proxies, stateDir, print);
  if (!change) return;
  const folder = new StateFolder(stateDir);
  const pending = new PendingReconfiguration(folder);
  const isEnrolled = (await new IdentityStore(folder).load()) !== undefined;
  if (!isEnrolled) print('This computer is not enrolled yet; the change is kept until it is.');
  await pending.forgetRefusal();
  await pending.add(change);
  // When the server cannot be reached now, the next check-in tells it.
  if (isEnrolled) await checkIn?.().catch(() => {});
  const service = await new ServiceStateFile(folder).read();
  const until = Date.now() + SYNC_MS;
  for (;;) {
    if (!(await pending.load())) {
      const refusal = await pending.refusal();
      print(refusal === undefined ? 'Changed.' : `The server refused the change: ${refusal}`);
      return;
    }
    if (!service?.isRunning || !service.state.online || Date.now() >= until) break;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  print('The change is kept, and told to the server at the next check-in.');
}

/** `--status` */
export async function showStatus(stateDir: string, print: Print): Promise<void> {
  const folder = new StateFolder(stateDir);
  const pending = new PendingReconfiguration(folder);
  const file = new ServiceStateFile(folder);
  const lines = statusLines({
    identity: await new IdentityStore(folder).load(),
    service: (await file.read()) ?? (await file.readPublic()),
    isReconfiguring: (await pending.load()) !== undefined,
    refusal: await pending.refusal(),
    now: Date.now(),
  });
  for (const line of lines) print(line);
}
