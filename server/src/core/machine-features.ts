import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type {
  ApiReply,
  MachineCommandResult,
  MachineDetails,
  MachineRow,
  SignedMachineCommand,
} from '@guruconnect/shared';
import type { Socket } from 'socket.io';
import type { Database } from '../db/database.ts';
import type { MachineDbRow } from '../db/schema/machines.ts';
import type { ApiHandlers, ApiNamesOfTag } from './api-handlers.ts';
import type { Clock } from './clock.ts';
import type {
  Companies,
  MachineFeed,
  MachineGate,
  MachineLines,
  MachineSessions,
  Machines,
} from './machine-ports.ts';
import type { AuditLog, Log, Login, Logins, People, ServerKeys, Settings } from './ports.ts';
import type { SupportNews } from './support-news.ts';

/** What every feature about machines gets from `app.ts`. */
interface Common {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly audit: AuditLog;
}

export interface CompaniesDeps extends Common {
  readonly people: People;
  readonly feed: MachineFeed;
}
/** Companies, sites, and which technicians reach them. */
export interface CompaniesFeature {
  readonly companies: Companies;
  readonly handlers: Pick<ApiHandlers, ApiNamesOfTag<'Companies'>>;
}

export interface MachinesDeps extends Common {
  readonly companies: Companies;
  readonly people: People;
  readonly settings: Settings;
  readonly keys: ServerKeys;
  readonly feed: MachineFeed;
  /** Version of the agents that this server hands out: older ones are outdated. */
  readonly agentVersion: string;
  /** Wired later: known once everything is built. */
  readonly lines: () => MachineLines;
  readonly sessions: () => MachineSessions;
  /** Magic packets that an agent shall send, fetched with its next check-in; empties what is returned. */
  readonly takeWakes: (machineId: string) => { macs: string[] }[];
  /** Commands for the machine, given with its check-in. */
  readonly takeCommands: (machineId: string) => Promise<SignedMachineCommand[]>;
  /** What became of those that it got. */
  readonly commandsAnswered: (machineId: string, results: readonly MachineCommandResult[]) => Promise<void>;
  /** What is under way on the machine: its update, its command, requests for help. */
  readonly deliveryOf: (machine: DeliveredMachine) => Promise<MachineDelivery>;
  /** Since when others are asked to wake the machine; undefined when they are not, or it is there. */
  readonly wakingSince: (machineId: string) => number | undefined;
  /** What the machine's sessions would go through, with credentials that are good for so long. */
  readonly waysFor: (machineId: string, lifetimeSeconds: number) => ApiReply<'nameWays'>;
}
export type DeliveredMachine = Pick<MachineDbRow, 'id' | 'osFamily' | 'agentVersion'>;
/** `update` is missing where machines are not updated from here. */
export type MachineDelivery = Pick<MachineDetails, 'update' | 'command' | 'openRequests'>;

/** Installers, enrolment, check-ins, and everything that is kept of a machine. */
export interface MachinesFeature {
  readonly machines: Machines;
  readonly gate: MachineGate;
  readonly handlers: Pick<
    ApiHandlers,
    | ApiNamesOfTag<'Installers' | 'Machine agents'>
    | 'getMachine'
    | 'changeMachine'
    | 'flagMachine'
    | 'changeMachines'
    | 'getThumbnail'
    | 'putThumbnail'
    | 'deleteThumbnail'
  >;
  close(): Promise<void>;
}

export interface MachineSearchDeps extends Common {
  readonly companies: Companies;
  readonly machines: Machines;
  readonly people: People;
  readonly feed: MachineFeed;
  readonly sessions: () => MachineSessions;
  readonly agentVersion: string;
}
/** Finding machines: the query language, groups with their counts, saved filters. */
export interface MachineSearchFeature {
  readonly handlers: Pick<
    ApiHandlers,
    | 'listMachines'
    | 'countMachines'
    | 'suggestLabels'
    | 'findMachine'
    | 'listFilters'
    | 'createFilter'
    | 'changeFilter'
    | 'deleteFilter'
  >;
  /** The counts of the sidebar as this person sees them. */
  readonly countsFor: (login: Pick<Login, 'actor'>) => Promise<import('@guruconnect/shared').GroupCount[]>;
  close(): Promise<void>;
}

export interface PresenceDeps extends Common {
  readonly machines: Machines;
  readonly companies: Companies;
  readonly feed: MachineFeed;
  readonly logins: Logins;
  readonly search: Pick<MachineSearchFeature, 'countsFor'>;
  readonly supportNews: Pick<SupportNews, 'onChanged'>;
  readonly addressOf: (request: IncomingMessage) => string;
}
/** Always-on agents that are connected, and the dashboards that watch them. */
export interface PresenceFeature {
  readonly lines: MachineLines;
  readonly audience: MachineAudience;
  readonly handlers: Pick<ApiHandlers, 'wakeMachine'>;
  readonly takeWakes: MachinesDeps['takeWakes'];
  readonly wakingSince: MachinesDeps['wakingSince'];
  /** Answers WebSocket handshakes at the path of agents, those that `isAllowed` lets through. */
  attach(server: HttpServer, isAllowed: (request: IncomingMessage) => boolean): void;
  close(): Promise<void>;
}

/** Shows machines to the pages that watch them; asked by the `/console` namespace. */
export interface MachineAudience {
  /** The page is there: it is told when requests for help come and go. */
  enter(socket: Socket, login: Login): void;
  watch(
    socket: Socket,
    login: Login,
    wish: { machineIds: readonly string[]; counts: boolean },
  ): Promise<MachineRow[]>;
  leave(connectionId: string): void;
}
