import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import {
  ServiceStage,
  until,
  writeIdentity,
} from '../../installers/launcher/service/test/support/service-stage.ts';
import { installFiles } from '../../installers/launcher/service/test/support/test-release.ts';
import { memoryOf } from './prefix-processes.ts';

/**
 * What the installed service needs while it idles, and what a service that does nothing needs beside it:
 * `node --import tsx tools/windows/measure-service.ts [minutes idle] [minutes with the server down] [seconds between polls]`.
 * It asks for updates once an hour, as a server tells it to, unless the last number says otherwise.
 */
const [idleMinutes = 2, downMinutes = 0, pollSeconds = 3_600] = process.argv.slice(2).map(Number);
const SETTLES_MS = 45_000;
const stage = await ServiceStage.start({ pollSeconds });
try {
  const wine = await stage.newWindows();
  await wine.keepAwake();
  const { identity, machineId } = await stage.enrol();
  writeIdentity(wine, identity);
  const folder = join(wine.driveC, 'agent');
  installFiles(stage.release('1.0.0'), folder);
  await wine.runOrFail(join(folder, 'guruconnect-service.exe'), ['--install']);
  await wine.runProgram('empty-service.c', ['install']);
  await wine.startProgram('empty-service.c', ['console']);
  await until('It does not come online.', () => stage.isOnline(machineId));
  const sample = (when: string) => {
    for (const { pid, name, commandLine } of wine.processes()) {
      if (!/^(guruconnect-se|empty-service)/.test(name)) continue;
      const { privateBytes, residentBytes } = memoryOf(pid);
      const [user = '0', system = '0'] = (readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1] ?? '')
        .split(' ')
        .slice(11);
      const role = /--core|--service|console/.exec(commandLine)?.[0] ?? 'service';
      const row = {
        when,
        program: name.startsWith('empty') ? `empty ${role}` : role.slice(2),
        privateKb: privateBytes / 1024,
        residentKb: residentBytes / 1024,
        processorMs: (Number(user) + Number(system)) * 10,
        load: loadavg()[0],
      };
      process.stdout.write(`${JSON.stringify(row)}\n`);
    }
  };
  const minutes = async (count: number, what: string) => {
    for (let minute = 1; minute <= count; minute += 1) {
      await new Promise((resolve) => setTimeout(resolve, 60_000));
      sample(`${what} ${minute} min`);
    }
  };
  await new Promise((resolve) => setTimeout(resolve, SETTLES_MS));
  sample('idle begins');
  await minutes(idleMinutes, 'idle');
  if (downMinutes > 0) await stage.stopServer();
  await minutes(downMinutes, 'server down');
} finally {
  await stage.close();
}
