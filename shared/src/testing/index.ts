export { default as goldenHandshake } from '../secure/golden/handshake.json' with { type: 'json' };
export * from './memory-socket.ts';
