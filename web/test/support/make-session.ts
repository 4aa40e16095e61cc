import type { SessionView } from '@guruconnect/shared';

/** A waiting session for tests, changed as the test says. */
export function makeSession(change: Partial<SessionView> = {}): SessionView {
  return {
    id: '00000000-0000-4000-8000-000000000001',
    version: 1,
    code: '847291',
    codeExpiresAt: null,
    name: null,
    visibility: 'team',
    owner: { userId: 'me', name: 'Me', teamId: null },
    origin: 'technician',
    machineId: null,
    consentPolicy: null,
    transfer: null,
    consentRequired: true,
    createdAt: 1_000,
    lifecycle: { phase: 'waiting' },
    endpoint: { kind: 'none' },
    guestPanelOpen: false,
    machine: null,
    endpointAddress: null,
    participants: [],
    knocks: [],
    rights: { view: true, control: true, claim: false, admit: true, cancel: true, end: true, transfer: true },
    ...change,
  };
}
