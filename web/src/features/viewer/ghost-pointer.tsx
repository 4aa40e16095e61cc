import type { Desk } from '../../lib/input/desk-layout.ts';
import { type CursorState, cursorScale } from './remote-cursor.ts';

/** Where the remote pointer went by itself: somebody there moves the mouse, or we only watch. */
export function GhostPointer(props: { cursor: CursorState; desk: Desk; scale: number }) {
  const { ghost, shape } = props.cursor;
  const { desk } = props;
  const display = ghost && desk.displays.find((one) => one.index === ghost.display);
  if (!ghost || !display || shape === 'hidden') return null;
  const position = {
    left: `${((display.x + ghost.x + 0.5) / desk.width) * 100}%`,
    top: `${((display.y + ghost.y + 0.5) / desk.height) * 100}%`,
  };
  if (!shape) {
    return (
      <span
        aria-hidden="true"
        className="pointer-events-none absolute z-10 size-3 -translate-1/2 rounded-full border-2 border-white bg-black/60"
        style={position}
      />
    );
  }
  const scale = cursorScale(Math.max(shape.width, shape.height), props.scale);
  return (
    <img
      src={shape.url}
      alt=""
      draggable={false}
      width={shape.width * scale}
      height={shape.height * scale}
      className="pointer-events-none absolute z-10 max-w-none opacity-80"
      style={{
        ...position,
        transform: `translate(${-shape.hotspotX * scale}px, ${-shape.hotspotY * scale}px)`,
      }}
    />
  );
}
