import type { AgentControlMessage } from '@guruconnect/shared';
import type { ViewerState } from './viewer-state.ts';

/** What a message of the agent changes in what the viewer knows; undefined when it changes nothing. */
export function changeOf(
  message: AgentControlMessage,
  before: Pick<ViewerState, 'streams'>,
): Partial<ViewerState> | undefined {
  switch (message.type) {
    case 'hello': {
      const { machine, displays, display, tracks, capabilities } = message;
      return { machine, displays, display, tracks, capabilities, shown: [display], streams: [] };
    }
    case 'displays':
      return {
        displays: message.displays,
        display: message.display,
        shown: message.shown ?? [message.display],
      };
    case 'stream': {
      const { type: _, ...stream } = message;
      const others = before.streams.filter((one) => one.track !== stream.track);
      return { streams: [...others, stream].toSorted((a, b) => a.track - b.track) };
    }
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
