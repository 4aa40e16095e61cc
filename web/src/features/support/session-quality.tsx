import type { PeerQuality } from '@guruconnect/shared';
import { formatDuration } from '../../lib/format-duration.ts';
import { useApiQuery } from '../../lib/use-api.ts';

/** How well the picture came in a session, a line for each connection; asked of the server when it is drawn. */
export function SessionQuality({ sessionId }: { sessionId: string }) {
  const { data, error } = useApiQuery('sessionQuality', { params: { sessionId } });
  if (error) return <p className="text-danger-text">The quality could not be loaded.</p>;
  if (!data) return <p className="text-muted-foreground">Loading…</p>;
  if (data.peers.length === 0) return <p className="text-muted-foreground">Nothing was measured.</p>;
  return (
    <ul className="grid gap-1">
      {data.peers.map((peer) => (
        <li key={peer.peerId} className="flex flex-wrap gap-x-3 gap-y-0.5 tabular-nums">
          {qualityFacts(peer).map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
        </li>
      ))}
    </ul>
  );
}

const PATHS: Record<PeerQuality['path'], string> = {
  direct: 'direct',
  stun: 'direct through a router (STUN)',
  turn: 'through a TURN server',
  relay: 'through the relay',
};

/** The short facts of one connection, in the order they matter. */
export function qualityFacts(peer: PeerQuality): string[] {
  const { inputP50Ms, inputP95Ms, roundTripMs, freezes } = peer;
  const latency =
    inputP50Ms === null || inputP95Ms === null
      ? []
      : [`input to picture ${inputP50Ms.toFixed(0)} ms, 95 %: ${inputP95Ms.toFixed(0)} ms`];
  return [
    ...(peer.viewer === null ? [] : [peer.viewer]),
    formatDuration(peer.seconds * 1_000),
    ...latency,
    PATHS[peer.path],
    `${peer.fps.toFixed(0)} pictures a second`,
    `${(peer.bitsPerSecond / 1e6).toFixed(2)} Mbit/s`,
    ...(roundTripMs === null ? [] : [`round trip ${roundTripMs.toFixed(0)} ms`]),
    ...(peer.loss > 0 ? [`${(peer.loss * 100).toFixed(1)} % lost`] : []),
    ...(freezes > 0 ? [`${freezes} ${freezes === 1 ? 'freeze' : 'freezes'}`] : []),
  ];
}
