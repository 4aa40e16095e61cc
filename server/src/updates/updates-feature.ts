import { GuruError } from '@guruconnect/shared';
import type { UpdatesDeps, UpdatesFeature } from '../core/delivery-features.ts';

/** New versions of always-on agents, ring by ring (U5). */
export function createUpdatesFeature(_deps: UpdatesDeps): UpdatesFeature {
  const refuse = async () => {
    throw new GuruError('unavailable', 'This server hands out no updates.');
  };
  return {
    handlers: {
      agentUpdate: refuse,
      agentUpdateReport: refuse,
      getUpdates: refuse,
      retryUpdates: refuse,
    },
    stateOf: async () => undefined,
    close: async () => {},
  };
}
