import { createPrivateKey, sign } from 'node:crypto';
import { once } from 'node:events';
import {
  PRESENCE_NAMESPACE,
  PRESENCE_PATH,
  PRESENCE_PROTOCOL,
  presenceChallengeText,
} from '@guruconnect/shared';
import { io, type Socket } from 'socket.io-client';

interface Identity {
  readonly origin: string;
  readonly privateKey: string;
  readonly enrolment: { readonly machineId: string };
}

/** Stands for the service program on its line to the server: says hello, meets the challenge, hears what is wanted. */
export async function connectPresence({ origin, privateKey, enrolment }: Identity): Promise<Socket> {
  const { machineId } = enrolment;
  const key = createPrivateKey({ key: Buffer.from(privateKey, 'base64url'), format: 'der', type: 'pkcs8' });
  const socket = io(origin + PRESENCE_NAMESPACE, { path: PRESENCE_PATH, transports: ['websocket'] });
  socket.on('connect', () =>
    socket.emit('hello', { protocol: PRESENCE_PROTOCOL, machineId, version: '0.1.0' }),
  );
  socket.on('challenge', ({ nonce }: { nonce: string }) => {
    const text = Buffer.from(presenceChallengeText({ machineId, nonce }));
    const signature = sign('sha256', text, { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
    socket.emit('challenge', { nonce, signature });
  });
  const greeted = once(socket as never, 'hello');
  await greeted;
  return socket;
}
