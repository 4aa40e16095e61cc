import type { Launcher } from '../launcher/launcher.ts';
import type { PresenceListener } from '../presence/presence-line.ts';

/** What the service program passes on from the server; its pipe is the line, and it is up for as long as it is there. */
export function pipeLine(launcher: Launcher, listener: PresenceListener) {
  const stops = [
    launcher.on('start-session', (message) => listener.onStartSession(message)),
    launcher.on('stop-session', ({ sessionId }) => listener.onStop({ type: 'stop', sessionId })),
  ];
  return {
    isUp: true,
    reconnect: () => {},
    close: async () => {
      for (const stop of stops) stop();
    },
  };
}
