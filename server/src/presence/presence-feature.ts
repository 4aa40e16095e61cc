import { GuruError } from '@guruconnect/shared';
import type { PresenceDeps, PresenceFeature } from '../core/machine-features.ts';

const later = async (): Promise<never> => {
  throw new GuruError('unavailable', 'Not there yet.');
};

/** Always-on agents that are connected, and the dashboards that watch them. */
export function createPresenceFeature(_deps: PresenceDeps): PresenceFeature {
  return {
    lines: {
      isOnline: () => false,
      startSession: () => false,
      stopSession: () => undefined,
      checkIn: () => false,
      addressOf: () => undefined,
      drop: () => undefined,
      onOnline: () => () => undefined,
    },
    audience: { watch: later, leave: () => undefined },
    handlers: { wakeMachine: later },
    takeWakes: () => [],
    attach: () => undefined,
    close: async () => undefined,
  };
}
