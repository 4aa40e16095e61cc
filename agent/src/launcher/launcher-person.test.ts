import type { AgentSessionView } from '@guruconnect/shared';
import { beforeEach, expect, it } from 'vitest';
import type { ToLauncher } from './launcher-messages.ts';
import { LauncherPerson } from './launcher-person.ts';

let told: ToLauncher[];
let person: LauncherPerson;

beforeEach(() => {
  told = [];
  person = new LauncherPerson({ tell: (message) => told.push(message), companyName: 'Acme' });
});

const said = () =>
  told.splice(0).map((one) => (one.type === 'state' ? `${one.state}: ${one.text}` : one.type));

function view(...participants: AgentSessionView['participants']): AgentSessionView {
  return {
    sessionId: '7b0e5d0c-6f1c-4b2e-9c65-7f6f3b1f2a11',
    companyName: 'Acme',
    consentRequired: true,
    consentTimeout: null,
    guestPanelOpen: false,
    participants,
  };
}

const tess = (grant: AgentSessionView['participants'][number]['grant'], hasControl = false) => ({
  id: '0a4b3c2d-1111-4222-8333-444455556666',
  name: 'Tess',
  grant,
  hasControl,
});

it('says how the session stands, each thing once', () => {
  person.linkChanged(true);
  person.sessionChanged(view());
  person.sessionChanged(view(tess({ status: 'asked', wants: 'control', since: 1 })));
  person.sessionChanged(view(tess({ status: 'allowed', capability: 'control', since: 1 }, true)));
  expect(said()).toEqual([
    'connected: Connected. Waiting for your technician.',
    'asking: Tess asks to see and control this computer.',
    'live: Tess can see and control this computer.',
  ]);
});

it('says the safety words, and when the server is away', () => {
  person.linkChanged(true);
  person.sessionChanged(view(tess({ status: 'allowed', capability: 'view', since: 1 })));
  said();
  person.securityWords('0a4b3c2d-1111-4222-8333-444455556666', ['jigsaw', 'avocado', 'amber']);
  person.linkChanged(false);
  person.linkChanged(true);
  expect(said()).toEqual([
    'live: Tess can see this computer. Safety words: jigsaw avocado amber.',
    'reconnecting: The server cannot be reached; trying again.',
    'live: Tess can see this computer. Safety words: jigsaw avocado amber.',
  ]);
});

it('has the end as its last word', () => {
  person.linkChanged(true);
  person.sessionEnded('technician-ended');
  person.linkChanged(false);
  expect(said()).toEqual([
    'connected: Connected. Waiting for your technician.',
    'ended: Your technician has ended the session.',
  ]);
});
