import type {
  EndReason,
  EventName,
  Payload,
  serverToAgent,
  serverToConsole,
  serverToGuest,
} from '@guruconnect/shared';

/** Reaches connected agents, wherever they are connected. Telling one that is gone does nothing. */
export interface AgentMessenger {
  tell<N extends EventName<typeof serverToAgent>>(
    agentId: string,
    name: N,
    payload: Payload<typeof serverToAgent, N>,
  ): void;
  /**
   * Asks the agent to stop capture and end. Resolves with how many milliseconds that took it, undefined when
   * it did not answer within `timeoutMs`.
   */
  end(agentId: string, reason: EndReason, timeoutMs: number): Promise<number | undefined>;
  disconnect(agentId: string): void;
}

/** Reaches technicians' browsers. */
export interface ConsoleMessenger {
  tellConnection<N extends EventName<typeof serverToConsole>>(
    connectionId: string,
    name: N,
    payload: Payload<typeof serverToConsole, N>,
  ): void;
  /** Every open page of one login. */
  tellLogin<N extends EventName<typeof serverToConsole>>(
    loginId: string,
    name: N,
    payload: Payload<typeof serverToConsole, N>,
  ): void;
  disconnectLogin(loginId: string): void;
}

/** Reaches end users' panels and those who knock. */
export interface GuestMessenger {
  tellPanels<N extends EventName<typeof serverToGuest>>(
    sessionId: string,
    name: N,
    payload: Payload<typeof serverToGuest, N>,
  ): void;
  /** The one that waits with the knock token of this hash. */
  tellKnocker<N extends EventName<typeof serverToGuest>>(
    tokenHash: string,
    name: N,
    payload: Payload<typeof serverToGuest, N>,
  ): void;
}
