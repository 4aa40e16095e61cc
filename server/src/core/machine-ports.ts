import type {
  Actor,
  CompanyAccess,
  CompanyTarget,
  ConsentPolicy,
  MachineInfo,
  MachineRow,
} from '@guruconnect/shared';
import type { MachineDbRow } from '../db/schema/machines.ts';

/** What the features about machines ask of one another and of sessions; wired in `app.ts`. */

/** Companies in memory: asked with every search, every event and every session, changed seldom. */
export interface Companies {
  find(companyId: string): CompanyInfo | undefined;
  siteName(siteId: string | null): string | undefined;
  /** Companies whose machines the actor reaches; `all` when none is hidden from them. */
  scopeOf(actor: Actor): 'all' | ReadonlySet<string>;
  /** The company's site of that name, made when there is none; undefined for an empty name. */
  ensureSite(companyId: string, name: string): Promise<string | undefined>;
  /** Called when a company, its sites or its assignments changed: whoever shows machines shows them anew. */
  onChanged(listener: (companyId: string) => void): () => void;
}

export interface CompanyInfo extends CompanyTarget {
  readonly companyId: string;
  readonly name: string;
  readonly access: CompanyAccess;
  readonly consent: ConsentPolicy;
}

/** Machines as other features see them. */
export interface Machines {
  /** A machine that is there, removed or not; undefined when there is none. */
  find(machineId: string): Promise<MachineSummary | undefined>;
  /** Its lines as the list shows them, in the order of the ids; without those out of the actor's scope. */
  rowsFor(actor: Actor, machineIds: readonly string[]): Promise<MachineRow[]>;
  /** The same from rows that were read already. */
  viewsOf(actor: Actor, rows: readonly MachineDbRow[]): MachineRow[];
  /**
   * Checks a signed request of a machine. Throws `unauthenticated` with `details.serverTime` when the signature, the
   * time or the machine is not good.
   */
  authenticate(request: SignedRequest): Promise<MachineSummary>;
  /**
   * Online machines that could wake this one: on its network as far as the server can tell. Those of its own company
   * first; a few dozen at most.
   */
  wakePeersOf(machineId: string): Promise<string[]>;
}

/** Lets signed requests of machines in. */
export interface MachineGate {
  /**
   * Checks a request but for whether it was sent before: its handler stores `requestMs` where it is newer than the
   * last one, and refuses otherwise. Throws as `Machines.authenticate`; what is refused is written down.
   */
  verify(request: SignedRequest): Promise<SignedMachine>;
  /** Stores the time of a request that was let in; throws when it, or a newer one, was sent before. */
  once(machine: SignedMachine, address: string): Promise<void>;
  /** Writes down that a request was refused, so often as an audit log can bear. */
  refused(request: RefusedRequest): void;
}

export interface SignedMachine extends MachineSummary {
  /** The time that the machine signed. */
  readonly requestMs: number;
  /** What it reported last. */
  readonly reported: Pick<
    MachineDbRow,
    'hostname' | 'agentVersion' | 'loggedOnUser' | 'idleMs' | 'externalIp' | 'inventoryHash'
  >;
}

export interface RefusedRequest {
  readonly path: string;
  readonly address: string;
  /** What the request says of itself; true only when `isProven`. */
  readonly machineId: string | undefined;
  readonly isProven: boolean;
  /** In a few words, for people who read the audit log. */
  readonly reason: string;
}

export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly header: (name: string) => string | undefined;
  readonly body: Buffer;
  readonly address: string;
}

export interface MachineSummary {
  readonly machineId: string;
  readonly name: string;
  readonly publicKey: string;
  readonly companyId: string;
  readonly isRemoved: boolean;
  readonly info: MachineInfo;
}

/** What happened to machines: told by whoever changes one, heard by whoever shows them. */
export interface MachineFeed {
  /** Rows changed; listeners read them anew. `appeared`: enrolled, brought back or moved. */
  changed(machineIds: readonly string[], kind?: 'changed' | 'appeared' | 'removed'): void;
  onChanged(
    listener: (machineIds: readonly string[], kind: 'changed' | 'appeared' | 'removed') => void,
  ): () => void;
}

/** The always-on agents that are connected (namespace `/presence`). */
export interface MachineLines {
  isOnline(machineId: string): boolean;
  /** Asks the agent to start a session host; false when it is not connected. */
  startSession(machineId: string, session: { sessionId: string; token: string }): boolean;
  stopSession(machineId: string, sessionId: string): void;
  /** Asks for a check-in within so long; false when it is not connected. */
  checkIn(machineId: string, withinMs?: number): boolean;
  /** Tells of a version that it shall ask for; false when it is not connected. */
  update(machineId: string, release: { version: string; manifestSha256: string }): boolean;
  /** The address it connected from. */
  addressOf(machineId: string): string | undefined;
  /** Cuts it off: removed, or its key is not good any more. */
  drop(machineId: string): void;
  /** An agent connected and proved itself: what waits for it can be told now. */
  onOnline(listener: (machineId: string) => void): () => void;
}

/** Who is connected to machines through sessions now. */
export interface MachineSessions {
  /**
   * Technicians whose viewers show the machine, and its open session; with an actor only as far as that person may see
   * the session. Ask with the actor wherever the answer goes to a person.
   */
  activityOf(machineId: string, actor?: Actor): MachineActivity;
  /** Machines with such technicians. */
  hosted(): ReadonlySet<string>;
  /**
   * The open session in which this person controls the machine right now: its agent is there, they are allowed to, hold
   * control, and a viewer of theirs shows the picture. Read from what is stored, not from what anybody says.
   */
  controlledBy(machineId: string, actor: Actor): Promise<string | undefined>;
  /** Ends what is open on a machine that goes. */
  endAll(machineId: string): Promise<void>;
}

export interface MachineActivity {
  readonly hosts: readonly { readonly userId: string; readonly name: string }[];
  readonly sessionId: string | null;
}
