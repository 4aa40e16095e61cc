import { Id, OpaqueToken, SessionCode } from '@guruconnect/shared';
import * as z from 'zod/mini';

/** How a session stands, for the launcher's window. */
export type SessionStage =
  | 'starting'
  | 'waiting'
  | 'asking'
  | 'connected'
  | 'live'
  | 'reconnecting'
  | 'ended';

/** What the agent tells the native launcher that started it. Flat objects: the launcher has no JSON library. */
export type ToLauncher =
  | { readonly type: 'state'; readonly state: SessionStage; readonly company: string; readonly text: string }
  /** The launcher asks for another code and answers with `code`. */
  | { readonly type: 'code-refused'; readonly text: string }
  /** The server is busy and wants a puzzle solved first; this takes some seconds. */
  | { readonly type: 'puzzle' }
  /** The last message of a session. */
  | { readonly type: 'over'; readonly outcome: 'ended' | 'refused' | 'failed'; readonly text: string }
  /** Ctrl-Alt-Del is wanted, which Windows takes from a service alone. */
  | { readonly type: 'sas' }
  | {
      readonly type: 'check-in-done';
      readonly checkInSeconds: number;
      readonly problem: string | null;
    }
  /** The agent listens. */
  | { readonly type: 'ready' };

/** What the launcher tells the agent. */
export const FromLauncher = z.discriminatedUnion('type', [
  z.object({ type: z.literal('code'), code: SessionCode }),
  /** The person at the machine has had enough of it. */
  z.object({ type: z.literal('stop') }),
  z.object({ type: z.literal('start-session'), sessionId: Id, token: OpaqueToken }),
  z.object({ type: z.literal('stop-session'), sessionId: Id }),
  /** Another Windows session is on the screen. */
  z.object({ type: z.literal('desktop-changed') }),
  /** End in order. */
  z.object({ type: z.literal('quit') }),
]);
export type FromLauncher = z.infer<typeof FromLauncher>;
