import type { Clock } from '../../core/clock.ts';
import { KeyedBuckets } from '../../core/keyed-buckets.ts';
import type { AuditEvent } from '../../core/ports.ts';
import type { AgentLine } from './agent-line.ts';

export type LineRefusal = 'malformed' | 'unknown-machine' | 'removed' | 'wrong-signature';

/** Notes in the audit log that a line was refused. */
export type RefusalRecord = (line: AgentLine, reason: LineRefusal, details: Record<string, string>) => void;

/** A program that tries again and again fills no audit log: so many rows an address, then one a minute. */
const ROWS = { capacity: 5, refillPerSecond: 1 / 60 };

export function createRefusalRecord(deps: {
  clock: Clock;
  append: (event: AuditEvent) => void;
}): RefusalRecord {
  const buckets = new KeyedBuckets(ROWS);
  return (line, reason, details) => {
    const now = deps.clock.now();
    if (!buckets.of(line.address, now).take(now)) return;
    deps.append({
      actor: line.machineId === '' ? 'guest' : `machine:${line.machineId}`,
      action: 'presence.refused',
      address: line.address,
      details: { reason, ...(line.machineId === '' ? {} : { machineId: line.machineId }), ...details },
    });
  };
}
