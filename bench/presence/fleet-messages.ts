import type { SimulatedMachine } from './simulated-agent.ts';

/** What the bench asks of the process with the agents. */
export type FleetOrder =
  | { readonly kind: 'make'; readonly agents: number }
  | { readonly kind: 'connect'; readonly url: string }
  | { readonly kind: 'freeze'; readonly agent: number }
  | { readonly kind: 'stop'; readonly agent: number }
  | { readonly kind: 'state' };

export interface FleetState {
  readonly online: number;
  readonly connects: number;
  /** Most agents that came online within one second, since the last question. */
  readonly busiestSecond: number;
  readonly refusals: Readonly<Record<string, number>>;
}

export type FleetReport =
  | { readonly kind: 'ready' }
  | { readonly kind: 'made'; readonly machines: readonly SimulatedMachine[] }
  | { readonly kind: 'done'; readonly at: number }
  | { readonly kind: 'state'; readonly state: FleetState }
  /** Told each time, with the time on this computer's clock. */
  | { readonly kind: 'all-online'; readonly at: number };
