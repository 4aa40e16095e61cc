import type { MachineRow } from '@guruconnect/shared';

/** A UUID that a number can be read from. */
export function machineIdOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** One line of the machine list; whatever a test is about goes into `change`. */
export function makeMachineRow(number: number, change: Partial<MachineRow> = {}): MachineRow {
  return {
    machineId: machineIdOf(number),
    version: 1,
    name: `PC-${String(number).padStart(5, '0')}`,
    hostname: `pc-${number}`,
    company: { companyId: machineIdOf(900_001), name: 'Glaztech' },
    site: null,
    department: '',
    deviceType: '',
    tags: [],
    osFamily: 'linux',
    osName: 'Debian GNU/Linux 12',
    user: '',
    idleMs: null,
    online: true,
    seenAt: 1_000,
    externalIp: '203.0.113.7',
    internalIps: [],
    agentVersion: '0.4.0',
    outdated: false,
    attention: null,
    cloned: false,
    hosts: [],
    guestConnected: false,
    lastAccessedAt: null,
    lastCheckInAt: null,
    removedAt: null,
    sessionId: null,
    ...change,
  };
}
