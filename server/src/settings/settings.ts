import { DEFAULT_SETTINGS, DeploymentSettings } from '@guruconnect/shared';
import { eq } from 'drizzle-orm';
import * as z from 'zod/mini';
import type { ApiHandlers } from '../core/api-handlers.ts';
import type { AuditLog, Log, Settings } from '../core/ports.ts';
import type { Database } from '../db/database.ts';
import { settings as settingsTable } from '../db/schema/deployment.ts';

type Listener = Parameters<Settings['onChanged']>[0];
type Changes = { [K in keyof DeploymentSettings]?: DeploymentSettings[K] | undefined };

export interface SettingsFeature extends Settings {
  readonly handlers: Pick<ApiHandlers, 'getSettings' | 'changeSettings'>;
  /** Stores the changed values and waits for listeners. */
  change(changes: Changes): Promise<DeploymentSettings>;
}

const ONLY_ROW = 1;

/** The deployment's settings, kept in memory and in one row. */
export async function createSettings(deps: {
  db: Database;
  audit: AuditLog;
  log: Log;
}): Promise<SettingsFeature> {
  let current = await load(deps.db);
  const listeners = new Set<Listener>();
  let lastWrite: Promise<unknown> = Promise.resolve();

  async function store(changes: Changes): Promise<DeploymentSettings> {
    const value = z.parse(DeploymentSettings, { ...(await load(deps.db)), ...definedOnly(changes) });
    await deps.db
      .insert(settingsTable)
      .values({ id: ONLY_ROW, value })
      .onConflictDoUpdate({ target: settingsTable.id, set: { value } });
    current = value;
    await Promise.all([...listeners].map((listener) => notify(listener, value, deps.log)));
    return value;
  }

  /** One after the other, so that two admins who change different settings keep both. */
  function change(changes: Changes): Promise<DeploymentSettings> {
    const result = lastWrite.then(() => store(changes));
    lastWrite = result.catch(() => undefined);
    return result;
  }

  return {
    current: () => current,
    onChanged: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    change,
    handlers: {
      getSettings: async () => current,
      changeSettings: async ({ body, login, address }) => {
        const value = await change(body);
        await deps.audit.append({
          actor: `user:${login.userId}`,
          action: 'settings.changed',
          address,
          details: { ...body },
        });
        return value;
      },
    },
  };
}

function definedOnly(changes: Changes): Changes {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

/** A row of an older version lacks what is new, and may hold what is no longer allowed: the default counts then. */
async function load(db: Database): Promise<DeploymentSettings> {
  const [row] = await db.select().from(settingsTable).where(eq(settingsTable.id, ONLY_ROW));
  const value: Record<string, unknown> = { ...DEFAULT_SETTINGS };
  for (const [name, schema] of Object.entries(DeploymentSettings.def.shape)) {
    const parsed = z.safeParse(z.optional(schema), row?.value[name as keyof DeploymentSettings]);
    if (parsed.success && parsed.data !== undefined) value[name] = parsed.data;
  }
  return z.parse(DeploymentSettings, value);
}

async function notify(listener: Listener, value: DeploymentSettings, log: Log): Promise<void> {
  try {
    await listener(value);
  } catch (error) {
    log.error({ err: error }, 'a listener for changed settings failed');
  }
}
