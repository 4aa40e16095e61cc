import type { Clock } from '../core/clock.ts';
import type { AuditReader, Logins, People, Settings } from '../core/ports.ts';
import type { CodeEntry } from './code-entry.ts';
import type { IssueBudget } from './gate/issue-budget.ts';
import type { KnockDesk } from './knock-desk.ts';
import type { Audience } from './live/audience.ts';
import type { Background } from './live/background.ts';
import type { Fanout } from './live/fanout.ts';
import type { SessionPresence } from './live/session-presence.ts';
import type { LostAgents } from './lost-agents.ts';
import type { Participation } from './participation.ts';
import type { GrantSigner } from './peers/grant-signer.ts';
import type { PeerBroker } from './peers/peer-broker.ts';
import type { PeerRelay } from './peers/peer-relay.ts';
import type { QualityDesk } from './quality/quality-desk.ts';
import type { SessionAccess } from './session-access.ts';
import type { SessionChanges } from './session-changes.ts';
import type { SessionCreator } from './session-creator.ts';
import type { SessionEnder } from './session-ender.ts';
import type { SessionOwner } from './session-owner.ts';
import type { Recorder } from './session-recorder.ts';
import type { AgentLinks } from './sockets/agent-links.ts';
import type { SessionStore } from './store/session-store.ts';
import type { TokenStore } from './store/token-store.ts';
import type { SnapshotReader } from './views/session-snapshot.ts';

/** What the routes and sockets of sessions are made of; built once in `sessions-feature.ts`. */
export interface SessionParts {
  readonly clock: Clock;
  readonly auditReader: AuditReader;
  readonly logins: Logins;
  readonly people: People;
  readonly settings: Settings;
  readonly sessions: SessionStore;
  readonly tokens: TokenStore;
  readonly snapshots: SnapshotReader;
  readonly access: SessionAccess;
  readonly changes: SessionChanges;
  readonly creator: SessionCreator;
  readonly owner: SessionOwner;
  readonly ender: SessionEnder;
  readonly entry: CodeEntry;
  readonly issueBudget: IssueBudget;
  readonly desk: KnockDesk;
  readonly participation: Participation;
  readonly broker: PeerBroker;
  readonly relay: PeerRelay;
  readonly quality: QualityDesk;
  readonly signer: GrantSigner;
  readonly links: AgentLinks;
  readonly lostAgents: LostAgents;
  readonly audience: Audience;
  readonly presence: SessionPresence;
  readonly fanout: Fanout;
  readonly background: Background;
  readonly record: Recorder;
  /** Logins that ended while this process ran. */
  readonly endedLogins: ReadonlySet<string>;
  /** Whether the server shuts down: sockets that go now are nobody's loss. */
  readonly isClosing: () => boolean;
}
