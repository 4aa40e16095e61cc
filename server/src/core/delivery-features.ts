import type { IncomingMessage } from 'node:http';
import type {
  MachineCommandResult,
  MachineCommandView,
  MachineUpdateState,
  SignedMachineCommand,
} from '@guruconnect/shared';
import type { Router } from 'express';
import type { Database } from '../db/database.ts';
import type { ApiHandlers, ApiNamesOfTag } from './api-handlers.ts';
import type { Clock } from './clock.ts';
import type { DeliveredMachine } from './machine-features.ts';
import type { Companies, MachineFeed, MachineGate, MachineLines, Machines } from './machine-ports.ts';
import type { Mailer } from './mail-port.ts';
import type { AuditLog, Log, People, ServerKeys, Settings } from './ports.ts';
import type { SupportNews } from './support-news.ts';

/** What the features that deliver agents and tell them what to do get from `app.ts`. */
interface Common {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly audit: AuditLog;
  readonly companies: Companies;
  readonly machines: Machines;
  readonly people: People;
  readonly settings: Settings;
  readonly keys: ServerKeys;
}

/** The programs that this server hands out, as other features see them. */
export interface Releases {
  /**
   * The newest Windows release, signed; undefined where none is built. Its programs know one address: the public one, or
   * where there is none that of `origin`, by which a machine reaches this server.
   */
  windows(origin?: string): Promise<{ version: string; manifestSha256: string } | undefined>;
  /** What the portal says of the Windows program. */
  portal(): Promise<{ bytes: number; unsigned: boolean } | null>;
}

export interface ReleasesDeps extends Common {
  /** Where `npm run build:windows` puts its work; it may be empty, and be filled while the server runs. */
  readonly windowsDir: string;
  /** Where agent packages for Linux lie. */
  readonly downloadDir: string;
  /** Where configured programs are kept, by what went into them. */
  readonly cacheDir: string;
  /** Origin that people open; undefined: the one that a request went to. */
  readonly publicUrl: string | undefined;
  readonly localOrigin: () => string;
  readonly agentVersion: string;
  readonly lines: () => MachineLines;
  /** Entries of the processes that write programs and that sign them: TypeScript, or JavaScript of a bundle. */
  readonly programWorkerEntry: string;
  readonly signerEntry: string;
  /** What the signer is told of its certificate, by variable; undefined: programs are not signed. */
  readonly signing: Readonly<Record<string, string>> | undefined;
  /** PEM of the server's own authority, for agents to trust; empty when it has another's certificate. */
  readonly authority: string;
  /** The folder `installers`: what packages for machines are made of. */
  readonly installersDir: string;
  readonly mailer: Mailer;
  readonly addressOf: (request: IncomingMessage) => string;
}
export interface MailConfig {
  /** `smtp://` or `smtps://`, with the name and password where the server wants them. */
  readonly url: string;
  readonly from: string;
}
export interface ReleasesFeature {
  readonly releases: Releases;
  /** Everything under `/download` that is not a plain file. */
  readonly router: Router;
  readonly handlers: Pick<
    ApiHandlers,
    'getReleases' | 'revealInstaller' | 'installerMachines' | 'mailInstaller'
  >;
  close(): Promise<void>;
}

export interface UpdatesDeps extends Common {
  readonly gate: Pick<MachineGate, 'once'>;
  readonly releases: Pick<Releases, 'windows'>;
  readonly lines: () => MachineLines;
  readonly feed: MachineFeed;
}
export interface UpdatesFeature {
  readonly handlers: Pick<ApiHandlers, ApiNamesOfTag<'Agent updates'> | 'getUpdates' | 'retryUpdates'>;
  /** How far the machine's version is; undefined where machines are not updated from here. */
  readonly stateOf: (machine: DeliveredMachine) => Promise<MachineUpdateState | undefined>;
  close(): Promise<void>;
}

export interface MachineCommandsDeps extends Common {
  readonly lines: () => MachineLines;
  readonly feed: MachineFeed;
}
export interface MachineCommandsFeature {
  readonly handlers: Pick<ApiHandlers, 'commandMachine' | 'listCommands' | 'cancelCommand'>;
  /** Commands that the machine gets with its check-in; each is given once more until it answered or expired. */
  readonly takeCommands: (machineId: string) => Promise<SignedMachineCommand[]>;
  readonly answered: (machineId: string, results: readonly MachineCommandResult[]) => Promise<void>;
  /** The command that the machine has not answered yet. */
  readonly openOf: (machineId: string) => Promise<MachineCommandView | null>;
  close(): Promise<void>;
}

export interface SupportRequestsDeps extends Common {
  readonly gate: Pick<MachineGate, 'once'>;
  readonly feed: MachineFeed;
  readonly supportNews: SupportNews;
}
export interface SupportRequestsFeature {
  readonly handlers: Pick<ApiHandlers, 'requestSupport' | 'listSupportRequests' | 'closeSupportRequest'>;
  /** How many requests from the machine nobody closed. */
  readonly openCount: (machineId: string) => Promise<number>;
}
