import type { IncomingMessage } from 'node:http';
import type { IceServer } from '@guruconnect/shared';
import type { Server as SocketServer } from 'socket.io';
import type { Database } from '../db/database.ts';
import type { ApiHandlers, ApiNamesOfTag } from './api-handlers.ts';
import type { Clock } from './clock.ts';
import type { Releases } from './delivery-features.ts';
import type { MachineAudience } from './machine-features.ts';
import type { Companies, MachineFeed, MachineLines, MachineSessions, Machines } from './machine-ports.ts';
import type {
  AuditLog,
  AuditReader,
  Log,
  Logins,
  People,
  RelayOffers,
  ServerKeys,
  Settings,
} from './ports.ts';

/** What `app.ts` hands to the sessions feature. */
export interface SessionsFeatureDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly audit: AuditLog & AuditReader;
  readonly logins: Logins;
  readonly people: People;
  readonly settings: Settings;
  readonly keys: ServerKeys;
  readonly relays: RelayOffers;
  readonly companies: Companies;
  readonly machines: Machines;
  readonly lines: MachineLines;
  readonly machineFeed: MachineFeed;
  readonly machineAudience: MachineAudience;
  readonly releases: Pick<Releases, 'portal'>;
  readonly config: {
    /** STUN and TURN servers told to both ends of a peer connection. */
    readonly iceServers: readonly IceServer[];
    /** Secret shared with the TURN servers; those without a fixed user get time-limited credentials. */
    readonly turnSecret?: string | undefined;
  };
  /** The client's address of a socket handshake (`socket.request`), taken from trusted proxies only. */
  readonly addressOf: (request: IncomingMessage) => string;
}

/** Codes, sessions, guests, agents and technicians' sockets. */
export interface SessionsFeature {
  readonly handlers: Pick<
    ApiHandlers,
    ApiNamesOfTag<'Portal' | 'Agent' | 'Sessions'> | 'connectMachine' | 'machineSessions'
  >;
  /** Who is connected to machines through sessions now. */
  readonly machineSessions: MachineSessions;
  /**
   * Adds the namespaces. The server given speaks WebSocket only, without compression, and has refused
   * handshakes of foreign origins already.
   */
  attach(io: SocketServer): void;
  /** Stops timers and tells sockets that the server restarts; what is stored stays. */
  close(): Promise<void>;
}

export type CreateSessionsFeature = (deps: SessionsFeatureDeps) => SessionsFeature;
