import {
  type ApiReply,
  type Capability,
  GuruError,
  type HandshakeCommit,
  type PeerCloseReason,
  type QualityReport,
  type SessionView,
} from '@guruconnect/shared';
import type { ApiClient } from '../../lib/api-client.ts';
import type { ConsoleConnection } from '../../lib/console-connection.ts';
import type { PeerSignals } from '../../lib/rtc/peer-signals.ts';
import type { SecureStore } from '../../lib/secure/secure-store.ts';

export interface ViewerSignalEvents {
  session(view: SessionView): void;
  /** The session is no longer shown to this person. */
  removed(): void;
  offer(peerId: string, sdp: string, commit: HandshakeCommit | undefined): void;
  candidate(peerId: string, candidate: { candidate: string; mid: string }): void;
  /** The machine's network changed. */
  renew(peerId: string): void;
  peerClosed(peerId: string, reason: PeerCloseReason): void;
  loginEnded(): void;
  /** The line to the server went up or down; told once at the start. */
  reachable(isReachable: boolean): void;
}

/** A technician whom the session can be offered to. */
export type TransferChoice = ApiReply<'transferChoices'>['technicians'][number];

/** Everything a viewer asks of the server about its one session. */
export interface ViewerSignaling extends PeerSignals {
  /** `peerId`: a peer that stands ready, to be shown. */
  join(wants: Capability, peerId?: string): Promise<{ participantId: string; session: SessionView }>;
  /** The session as it is now, undefined when it is not shown to us; starts the stream of changes. */
  watch(): Promise<SessionView | undefined>;
  reportQuality(report: QualityReport): void;
  leave(): Promise<unknown>;
  takeControl(): Promise<unknown>;
  releaseControl(): Promise<unknown>;
  endSession(): Promise<SessionView>;
  pause(): Promise<unknown>;
  resume(): Promise<unknown>;
  transferChoices(): Promise<readonly TransferChoice[]>;
  offerTransfer(to: string, note: string): Promise<unknown>;
  answerTransfer(answer: 'accept' | 'decline' | 'withdraw'): Promise<unknown>;
  listen(events: ViewerSignalEvents): () => void;
}

/** The viewer's part of the tab's console connection. */
export function createViewerSignaling(deps: {
  sessionId: string;
  connection: ConsoleConnection;
  api: ApiClient;
  store: Pick<SecureStore, 'identity'>;
  /** Whether peers shall only stand ready for now. */
  isHeld(): boolean;
}): ViewerSignaling {
  const { sessionId, connection, api, store, isHeld } = deps;
  const isOnline = () => connection.getState().status === 'online';
  return {
    join: (wants, peerId) =>
      connection.ask('session:join', { sessionId, wants, ...(peerId ? { peerId } : {}) }),
    watch: async () => {
      const { sessions } = await connection.ask('sessions:watch', {});
      return sessions.find((one) => one.id === sessionId);
    },
    reportQuality: (report) => {
      if (isOnline()) connection.tell('quality:report', report);
    },
    leave: () => connection.ask('session:leave', { sessionId }),
    takeControl: () => connection.ask('control:take', { sessionId }),
    releaseControl: () => connection.ask('control:release', { sessionId }),
    endSession: () => api.call('endSession', { params: { sessionId } }),
    pause: () => connection.ask('session:pause', { sessionId }),
    resume: () => connection.ask('session:resume', { sessionId }),
    ...transferring(sessionId, api),
    request: async (replaces, path) => {
      // A request that waits for the line would come late and twice: the keeper is hurried when it is back.
      if (!isOnline()) throw new GuruError('unavailable', 'The server cannot be reached.');
      return connection.ask('peer:request', {
        sessionId,
        path,
        browserKey: await browserKey(store),
        ...(replaces ? { replaces } : {}),
        ...(isHeld() ? { warm: true } : {}),
      });
    },
    answer: (peerId, sdp, reveal) => connection.tell('peer:answer', { peerId, sdp, reveal }),
    candidate: (peerId, candidate) => connection.tell('peer:candidate', { peerId, candidate }),
    closePeer: (peerId) => {
      if (isOnline()) connection.tell('peer:close', { peerId });
    },
    listen: (events) => listen(sessionId, connection, events),
  };
}

/** Passing the session on goes by the API, as in the lists; what comes of it is told by `session:changed`. */
function transferring(
  sessionId: string,
  api: ApiClient,
): Pick<ViewerSignaling, 'transferChoices' | 'offerTransfer' | 'answerTransfer'> {
  const params = { sessionId };
  return {
    transferChoices: async () => (await api.call('transferChoices', { params })).technicians,
    offerTransfer: (to, note) =>
      api.call('offerTransfer', { params, body: { to, ...(note ? { note } : {}) } }),
    answerTransfer: (answer) => api.call('answerTransfer', { params, body: { answer } }),
  };
}

/** Rejects with what the person can do about it. */
async function browserKey(store: Pick<SecureStore, 'identity'>): Promise<string> {
  try {
    return (await store.identity()).publicKey;
  } catch (error) {
    throw new GuruError('unavailable', 'This browser keeps no keys for this page.', { cause: error });
  }
}

function listen(sessionId: string, connection: ConsoleConnection, events: ViewerSignalEvents): () => void {
  const tellState = () => {
    const { status } = connection.getState();
    events.reachable(status === 'online');
    if (status === 'refused') events.loginEnded();
  };
  const stops = [
    connection.on('session:changed', (view) => {
      if (view.id === sessionId) events.session(view);
    }),
    connection.on('session:removed', (removed) => {
      if (removed.sessionId === sessionId) events.removed();
    }),
    connection.on('peer:offer', ({ peerId, sdp, commit }) => events.offer(peerId, sdp, commit)),
    connection.on('peer:candidate', ({ peerId, candidate }) => events.candidate(peerId, candidate)),
    connection.on('peer:renew', ({ peerId }) => events.renew(peerId)),
    connection.on('peer:closed', ({ peerId, reason }) => events.peerClosed(peerId, reason)),
    connection.on('login:ended', () => events.loginEnded()),
    connection.subscribe(tellState),
  ];
  tellState();
  return () => {
    for (const stop of stops) stop();
  };
}
