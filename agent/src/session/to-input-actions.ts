import type { DisplayInfo, InputMessage, PointerPlace } from '@guruconnect/shared';
import type { InputAction } from '../desktop/desktop-messages.ts';

/**
 * What a technician's message means on this desktop. Places are clamped to their display; a display that is gone
 * (it was unplugged while the message travelled) makes the message mean nothing: undefined.
 */
export function toInputActions(
  message: InputMessage,
  displayAt: (index: number) => DisplayInfo | undefined,
): InputAction[] | undefined {
  switch (message.type) {
    case 'move':
    case 'button':
    case 'wheel': {
      const display = displayAt(message.display);
      if (!display) return undefined;
      return [{ type: 'move', ...toDesktop(message, display) }, ...pointerAction(message)];
    }
    case 'key': {
      const { inputId: _, ...key } = message;
      return [key];
    }
    case 'text':
      return [{ type: 'text', text: message.text }];
    case 'held':
      return [{ type: 'held', usages: message.usages }];
    case 'release-all':
      return [{ type: 'release-all' }];
    case 'nudge':
      return undefined;
  }
}

function pointerAction(message: Extract<InputMessage, { type: 'move' | 'button' | 'wheel' }>): InputAction[] {
  switch (message.type) {
    case 'move':
      return [];
    case 'button':
      return [{ type: 'button', button: message.button, down: message.down }];
    case 'wheel':
      return [{ type: 'wheel', dx: message.dx, dy: message.dy }];
  }
}

function toDesktop(place: PointerPlace, display: DisplayInfo): { x: number; y: number } {
  return {
    x: display.x + Math.min(place.x, display.width - 1),
    y: display.y + Math.min(place.y, display.height - 1),
  };
}
