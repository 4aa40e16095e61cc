import type { AgentControlMessage } from '@guruconnect/shared';
import type { ViewerState } from './viewer-state.ts';

/** What a message of the agent changes in what the viewer knows; undefined when it changes nothing. */
export function changeOf(message: AgentControlMessage): Partial<ViewerState> | undefined {
  switch (message.type) {
    case 'hello': {
      const { machine, displays, display, capabilities } = message;
      return { machine, displays, display, capabilities };
    }
    case 'displays':
      return { displays: message.displays, display: message.display };
    case 'capabilities':
      return { capabilities: message.capabilities };
    case 'capture':
      return { capture: { state: message.state, reason: message.reason } };
    case 'refused':
    case 'pong':
    case 'bye':
      return undefined;
  }
}
