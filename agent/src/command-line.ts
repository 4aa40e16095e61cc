import type { Reconfiguration, SessionCode } from '@guruconnect/shared';
import type { EncoderChoice } from '../native/addon.d.ts';
import type { LogLevel } from './core/log.ts';
import type { ProxyRules } from './proxy/proxy-rules.ts';

/** What one session is told from outside. */
export interface AgentConfig {
  /** Scheme, host and port of the server. */
  readonly origin: string;
  /** undefined: ask the person. */
  readonly code: SessionCode | undefined;
  /** PEM of all certificate authorities to trust; undefined: node's own list. */
  readonly ca: readonly string[] | undefined;
  /** Proxies that somebody has set; undefined where nobody has said anything. */
  readonly proxies: ProxyRules | undefined;
  /** X display; empty on Windows, which shows one desktop. */
  readonly display: string;
  /** Media uses this address alone; undefined for all. */
  readonly bindAddress: string | undefined;
  /** Show who is connected, and ask for consent, in windows of the agent's own on that display. */
  readonly windows: boolean;
  /** The native program that shows those windows, on Windows. */
  readonly panelProgram: string | undefined;
  /** What makes the pictures, on Windows. */
  readonly encoder: EncoderChoice;
  /** The pipe of the launcher that started this; undefined when a person did. */
  readonly pipe: string | undefined;
  readonly stateDir: string;
  readonly logLevel: LogLevel;
}

/** What the always-on agent is told; what it is, it knows from its state folder. */
export interface ServiceConfig {
  /** undefined: look for the desktop that is on the screen. */
  readonly display: string | undefined;
  /** `$XAUTHORITY`, for a display that was given. */
  readonly authFile: string | undefined;
  /** Proxies that somebody has set; undefined where nobody has said anything. */
  readonly proxies: ProxyRules | undefined;
  readonly bindAddress: string | undefined;
  readonly windows: boolean;
  readonly stateDir: string;
  readonly logLevel: LogLevel;
}

/** What the service program on Windows tells the processes that it starts. */
export interface WindowsServiceConfig {
  readonly pipe: string | undefined;
  readonly panelProgram: string | undefined;
  readonly encoder: EncoderChoice;
  /** The service program itself, which restarts the computer. */
  readonly serviceProgram: string;
  /** Proxies that somebody has set; undefined where nobody has said anything. */
  readonly proxies: ProxyRules | undefined;
  readonly bindAddress: string | undefined;
  readonly windows: boolean;
  readonly stateDir: string;
  readonly logLevel: LogLevel;
}

/** What the connection doctor is told; the rest it knows from the state folder. */
export interface DiagnoseConfig {
  /** undefined: the server that this computer is enrolled with. */
  readonly origin: string | undefined;
  /** PEM of an authority to trust besides the usual ones. */
  readonly ca: string | undefined;
  /** STUN and TURN servers to ask, as `stun:HOST:PORT`. */
  readonly iceServers: readonly string[];
  /** Proxies that somebody has set; undefined where nobody has said anything. */
  readonly proxies: ProxyRules | undefined;
  /** As the environment names them, of use or not. */
  readonly namedProxies: readonly string[];
  readonly stateDir: string;
}

export interface EnrolConfig {
  readonly origin: string;
  readonly token: string;
  /** PEM of an authority to trust besides the usual ones. */
  readonly ca: string | undefined;
  /** Proxies that somebody has set; undefined where nobody has said anything. */
  readonly proxies: ProxyRules | undefined;
  readonly newIdentity: boolean;
  /** Told to the server with the first check-in. */
  readonly change: Reconfiguration | undefined;
  readonly stateDir: string;
}

export type CommandLine =
  | { readonly kind: 'run'; readonly config: AgentConfig }
  | { readonly kind: 'enrol'; readonly config: EnrolConfig }
  | { readonly kind: 'service'; readonly config: ServiceConfig }
  | { readonly kind: 'windows-session'; readonly config: WindowsServiceConfig }
  | { readonly kind: 'check-in'; readonly config: WindowsServiceConfig }
  | { readonly kind: 'diagnose'; readonly config: DiagnoseConfig }
  | {
      readonly kind: 'reconfigure';
      /** undefined: nothing that the server is to know. */
      readonly change: Reconfiguration | undefined;
      /** What the service is to use from now on; undefined: what it used before. */
      readonly proxies: ProxyRules | undefined;
      readonly stateDir: string;
      /** Where no always-on process tells the server: how to do that. */
      readonly checkIn: WindowsServiceConfig | undefined;
    }
  | { readonly kind: 'status'; readonly stateDir: string }
  | { readonly kind: 'install'; readonly enrol: EnrolConfig | undefined; readonly root: string }
  | { readonly kind: 'uninstall'; readonly purge: boolean; readonly root: string }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' };
