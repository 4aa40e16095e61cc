import type { PresenceDeps } from '../../core/machine-features.ts';
import type { AuditEvent } from '../../core/ports.ts';
import { Admission, type AdmissionOptions, DEFAULT_ADMISSION } from './admission.ts';
import { AgentLines } from './agent-lines.ts';
import { CloneFlags } from './clone-flags.ts';
import { LineDesk } from './line-desk.ts';
import { MemoryLineDirectory } from './line-directory.ts';
import { LineServer } from './line-server.ts';
import { MachineKeys } from './machine-keys.ts';
import { OnlineWriter } from './online-writer.ts';
import { createRefusalRecord } from './refusal-record.ts';
import { SessionStarts } from './session-starts.ts';

export interface Lines {
  readonly lines: AgentLines;
  readonly server: LineServer;
  close(): Promise<void>;
}

export type LinesDeps = Pick<PresenceDeps, 'db' | 'clock' | 'log' | 'audit' | 'feed' | 'addressOf'>;

/** Puts together what holds the lines of agents. */
export function createLines(deps: LinesDeps, admission: AdmissionOptions = DEFAULT_ADMISSION): Lines {
  const { clock, log, audit } = deps;
  const append = (event: AuditEvent) => {
    audit.append(event).catch((error: unknown) => log.error({ err: error }, 'an audit row was not stored'));
  };
  const directory = new MemoryLineDirectory();
  const writer = new OnlineWriter({ ...deps, connected: () => directory.machineIds() });
  const flags = new CloneFlags({ ...deps, append });
  const desk = new LineDesk({
    clock,
    log,
    directory,
    admission: new Admission(admission),
    keys: new MachineKeys(deps),
    record: createRefusalRecord({ clock, append }),
    onOnline: (line) => {
      server.keepUp(line);
      writer.came(line.machineId, line.address);
      lines.arrived(line);
    },
    onOffline: (line) => writer.gone(line.machineId, line.brokeOff),
    onCloned: flags.note,
  });
  const server = new LineServer({
    clock,
    log,
    addressOf: deps.addressOf,
    handler: desk,
    limits: admission,
  });
  const lines = new AgentLines({
    directory,
    server,
    starts: new SessionStarts(clock),
    onFault: (error) => log.error({ err: error }, 'somebody who waited for a machine failed'),
  });
  return {
    lines,
    server,
    close: async () => {
      server.close();
      flags.close();
      await writer.close();
    },
  };
}
