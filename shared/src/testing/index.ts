export * from './memory-socket.ts';
