import type { Capability, EndReason, MachineInfo } from '@guruconnect/shared';
import type { EncoderChoice } from '../../native/addon.d.ts';
import type { LogLevel } from '../core/log.ts';
import type { FoundDesktop } from '../logon/find-desktop.ts';
import type { SessionTicket } from '../presence/presence.ts';
import type { ProxyRules } from '../proxy/proxy-rules.ts';
import type { PersonAtMachine } from '../session/person.ts';
import type { SessionOutcome } from '../session/run-session.ts';

/** What a session host must know of this machine's configuration; plain values, they cross a process border. */
export interface HostSettings {
  readonly origin: string;
  readonly ca: readonly string[] | undefined;
  /** Proxies that lead to the server; left out: none. */
  readonly proxies?: ProxyRules | undefined;
  readonly display: string;
  readonly bindAddress: string | undefined;
  readonly windows: boolean;
  /** The program that shows the agent's own windows where that is not the agent's business. */
  readonly panelProgram?: string | undefined;
  /** Where the machine keeps what must outlive a process. */
  readonly stateDir: string;
  readonly logLevel: LogLevel;
  /** What makes the pictures, on Windows. */
  readonly encoder?: EncoderChoice;
  /** Who brings about Ctrl-Alt-Del: these very keys by default; on Windows a service, or nobody. */
  readonly ctrlAltDelete?: 'service' | 'nobody';
  /** On Windows: whether somebody was logged on when the session began; by default somebody is. */
  readonly isSomebodyThere?: boolean;
  /** Of an always-on agent on Linux. */
  readonly unattended?: {
    /** The display that the service was told to show; undefined: the one that is on the screen. */
    readonly askedDisplay: string | undefined;
    /** The one that was there when the session began. */
    readonly desktop: FoundDesktop;
  };
}

/** What the supervisor asks of the session host, whose process it started. */
export type HostCommand =
  /** First, and once. */
  | {
      readonly type: 'start';
      readonly settings: HostSettings;
      readonly machine: MachineInfo;
      readonly ticket: SessionTicket;
    }
  | { readonly type: 'stop'; readonly reason: EndReason }
  /** The person at the machine answered; `answered` follows with the same number. */
  | {
      readonly type: 'answer';
      readonly call: number;
      readonly participantId: string;
      readonly answer: Capability | 'refuse';
    };

/** One thing told to the person at the machine, who sits at the supervisor's side. */
export type PersonCall = {
  [K in keyof PersonAtMachine]: { readonly method: K; readonly args: Parameters<PersonAtMachine[K]> };
}[keyof PersonAtMachine];

export type HostEvent =
  | { readonly type: 'person'; readonly told: PersonCall }
  /** `problem` is why the answer did not reach the server, null when it did. */
  | { readonly type: 'answered'; readonly call: number; readonly problem: string | null }
  /** Ctrl-Alt-Del is wanted. */
  | { readonly type: 'secure-attention' }
  /** The session is over and everything is let go; the process ends. One that ends without this has crashed. */
  | { readonly type: 'over'; readonly outcome: SessionOutcome };

/** A running session host. */
export interface Host {
  send(command: HostCommand): void;
  /** Ends it at once, whatever it does. Idempotent. */
  kill(): void;
}

export interface HostListener {
  onEvent(event: HostEvent): void;
  /** It has ended, by itself or by `kill`; nothing follows. */
  onGone(reason: string): void;
}

export type OpenHost = (listener: HostListener) => Host;
