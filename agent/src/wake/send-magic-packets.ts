import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { NetworkCard } from '@guruconnect/shared';
import type { Log } from '../core/log.ts';
import { type BroadcastTarget, broadcastTargets, magicPacket } from './magic-packet.ts';

const PORT = 9;
/** A sleeping card has no way to ask for what got lost. */
const TIMES = 3;
const BETWEEN_MS = 100;

export interface WakeDeps {
  readonly networks: () => Promise<readonly NetworkCard[]>;
  readonly log: Log;
}

/** Wakes machines on this computer's own networks (U8). Never rejects: a network that fails does not keep the others. */
export function createWaker({ networks, log }: WakeDeps): (macs: readonly string[]) => Promise<void> {
  return async (macs) => {
    const packets = macs.flatMap((mac) => magicPacket(mac) ?? []);
    const targets = broadcastTargets(await networks());
    log.info({ macs, networks: targets.map((one) => one.to) }, 'waking another machine');
    await Promise.all(
      targets.map(async (target) => {
        try {
          await send(packets, target);
        } catch (error) {
          log.warn({ network: target.to, error }, 'no magic packet could be sent');
        }
      }),
    );
  };
}

async function send(packets: readonly Buffer[], { from, to }: BroadcastTarget): Promise<void> {
  const socket = createSocket('udp4');
  try {
    // By its own address the packet leaves through the card of that network.
    socket.bind(0, from);
    await once(socket, 'listening');
    socket.setBroadcast(true);
    for (let time = 0; time < TIMES; time += 1) {
      if (time > 0) await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
      for (const packet of packets) await sendOne(socket, packet, to);
    }
  } finally {
    socket.close();
  }
}

function sendOne(socket: ReturnType<typeof createSocket>, packet: Buffer, to: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(packet, PORT, to, (error) => (error ? reject(error) : resolve()));
  });
}
