import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { asc, eq } from 'drizzle-orm';
import { createAuditLog } from '../../../src/audit/audit-log.ts';
import { createMachineFeed } from '../../../src/core/machine-feed.ts';
import type { MachineFeed } from '../../../src/core/machine-ports.ts';
import type { DatabaseHandle } from '../../../src/db/database.ts';
import { auditEntries, auditPayloads } from '../../../src/db/schema/audit.ts';
import { type MachineDbRow, machines } from '../../../src/db/schema/machines.ts';
import { createClientAddresses } from '../../../src/http/client-address.ts';
import type { AdmissionOptions } from '../../../src/presence/lines/admission.ts';
import { createLines, type Lines } from '../../../src/presence/lines/create-lines.ts';
import { openTestDatabase } from '../../support/open-test-database.ts';
import { SILENT } from '../../support/start-test-server.ts';
import { createPgliteData, type TestDatabase } from '../../support/test-databases.ts';
import { createFlowingClock, type FlowingClock } from './flowing-clock.ts';
import type { MachineIdentity } from './machine-identity.ts';
import { insertCompany, insertMachine } from './seed-machines.ts';

export interface AuditRow {
  readonly actor: string;
  readonly action: string;
  readonly address: string | null;
  readonly details: Record<string, unknown>;
}

/** The lines of agents on a real database and a real HTTP server, without the rest of the server. */
export interface LineStage {
  readonly url: string;
  readonly clock: FlowingClock;
  readonly feed: MachineFeed;
  readonly database: DatabaseHandle;
  readonly companyId: string;
  /** Anew after {@link LineStage.restart}. */
  lines(): Lines['lines'];
  /** Enrols a machine. */
  enrol(changes?: Partial<typeof machines.$inferInsert>): Promise<MachineIdentity>;
  row(identity: MachineIdentity): Promise<MachineDbRow>;
  /** Waits until its row is so; rejects with the row after a while of real time. */
  rowIs(identity: MachineIdentity, fits: (row: MachineDbRow) => boolean): Promise<MachineDbRow>;
  audits(action: string): Promise<AuditRow[]>;
  /** Ends the server in order, without starting a new one. */
  halt(): Promise<void>;
  /** Starts it anew at the same address. */
  start(): Promise<void>;
  close(): Promise<void>;
}

const ROW_WAIT_MS = 4_000;

export async function setLineStage(
  options: { database?: TestDatabase; admission?: AdmissionOptions } = {},
): Promise<LineStage> {
  const data = options.database ?? (await createPgliteData());
  const database = await openTestDatabase(data);
  const { db } = database;
  const companyId = await insertCompany(db, 'Acme');
  const clock = createFlowingClock();
  const feed = createMachineFeed(() => undefined);
  const audit = createAuditLog({ db, clock });
  const { addressOf } = createClientAddresses(['127.0.0.1']);
  let running: { lines: Lines; stop: () => Promise<void> } | undefined;
  let port = 0;

  async function start(): Promise<void> {
    const server = createServer((_request, response) => response.writeHead(404).end());
    const lines = createLines({ db, clock, log: SILENT, audit, feed, addressOf }, options.admission);
    lines.server.attach(server, ({ headers }) => headers.origin === undefined);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
    const stop = async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      await lines.close();
      server.closeAllConnections();
      await closed;
    };
    running = { lines, stop };
  }
  await start();

  const row = async ({ machineId }: MachineIdentity) => {
    const [found] = await db.select().from(machines).where(eq(machines.id, machineId));
    if (!found) throw new Error('There is no such machine.');
    return found;
  };
  const halt = async () => {
    await running?.stop();
    running = undefined;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    clock,
    feed,
    database,
    companyId,
    lines: () => {
      if (!running) throw new Error('The server is halted.');
      return running.lines.lines;
    },
    enrol: (changes) => insertMachine(db, companyId, changes),
    row,
    rowIs: async (identity, fits) => {
      const end = performance.now() + ROW_WAIT_MS;
      for (;;) {
        const found = await row(identity);
        if (fits(found)) return found;
        if (performance.now() > end) throw new Error(`The row stayed ${JSON.stringify(found)}`);
      }
    },
    audits: async (action) => {
      await audit.drained();
      return db
        .select({
          actor: auditEntries.actor,
          action: auditEntries.action,
          address: auditEntries.address,
          details: auditPayloads.details,
        })
        .from(auditEntries)
        .innerJoin(auditPayloads, eq(auditPayloads.sequence, auditEntries.sequence))
        .where(eq(auditEntries.action, action))
        .orderBy(asc(auditEntries.sequence));
    },
    halt,
    start,
    close: async () => {
      await halt();
      clock.stop();
      await audit.drained();
      await database.close();
      await data.remove();
    },
  };
}
