import { type Ref, useCallback, useEffect, useImperativeHandle, useRef, useSyncExternalStore } from 'react';
import { type Desk, displayBox, toDeskPlace } from '../../lib/input/desk-layout.ts';
import { KeyboardCapture } from '../../lib/input/keyboard-capture.ts';
import type { LocalShortcut } from '../../lib/input/local-shortcuts.ts';
import { localSystemOf } from '../../lib/input/local-system.ts';
import { type Box, clampZoom, layoutPicture, type ScaleMode } from '../../lib/input/picture-layout.ts';
import { PointerCapture } from '../../lib/input/pointer-capture.ts';
import type { Viewer } from './create-viewer.ts';
import { DisplayView } from './display-view.tsx';
import { GhostPointer } from './ghost-pointer.tsx';
import { cursorCss } from './remote-cursor.ts';
import { useStageSize } from './use-stage-size.ts';
import { useZoom, type Zoom } from './use-zoom.ts';
import { deskOf, titleOf, type ViewerState } from './viewer-state.ts';
import { ZoomPill } from './zoom-pill.tsx';

/** What the rest of the page may ask of the stage. */
export interface StageControls {
  /** Gives the keyboard to the remote desktop. */
  focus(): void;
  releaseAll(): void;
  /** Opens a phone's own keyboard for typing. */
  showPhoneKeyboard(): void;
}

export interface ViewerStageProps {
  readonly ref: Ref<StageControls>;
  readonly viewer: Viewer;
  readonly state: ViewerState;
  readonly scaleMode: ScaleMode;
  readonly isDriving: boolean;
  readonly isDimmed: boolean;
  takeSticky(): readonly number[];
  onTopEdge(): void;
  onShortcut(shortcut: LocalShortcut): void;
}

/** Closer to the window's top than this, without a button held, calls for the toolbar. */
const TOP_EDGE_PX = 2;

/** The picture, and the place where mouse and keyboard are taken. */
export function ViewerStage(props: ViewerStageProps) {
  const { viewer, state, scaleMode, isDriving } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const surface = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLDivElement>(null);
  const keyboard = useRef<HTMLTextAreaElement>(null);
  const { size: stage, devicePixelRatio } = useStageSize(scroller);
  const cursor = useSyncExternalStore(viewer.cursor.subscribe, viewer.cursor.getSnapshot);
  const desk = deskOf(state);
  const { width, height } = desk ?? NOTHING;
  const clamp = useCallback(
    (wanted: number) => clampZoom(wanted, stage, { width, height }, scaleMode, devicePixelRatio),
    [stage, width, height, scaleMode, devicePixelRatio],
  );
  const zoom = useZoom(scroller, picture, clamp);
  const capture = useCapture(props, { scroller, surface, picture, keyboard }, zoom);
  const box = layoutPicture(stage, { width, height }, scaleMode, devicePixelRatio, zoom.factor);
  const scale = desk ? box.width / desk.width : 1;

  useImperativeHandle(props.ref, () => ({
    focus: () => keyboard.current?.focus({ preventScroll: true }),
    releaseAll: () => capture.current?.releaseAll(),
    showPhoneKeyboard: () => {
      const target = keyboard.current;
      if (!target) return;
      target.inputMode = 'text';
      // A focused field does not bring the keyboard up again after its mode changed.
      target.blur();
      target.focus({ preventScroll: true });
    },
  }));

  return (
    <div
      ref={scroller}
      data-testid="stage"
      className={`relative min-h-0 flex-1 ${scaleMode === 'fit' && zoom.factor === 1 ? 'overflow-hidden' : 'overflow-auto'}`}
    >
      <textarea
        ref={keyboard}
        data-testid="keyboard"
        // Visually hidden, but where the pointer works: input methods open their windows beside it.
        className="pointer-events-none absolute top-1/2 left-1/2 size-px resize-none overflow-hidden border-0 p-0 opacity-0 outline-none"
        aria-label={`Keyboard of ${titleOf(state)}. What you type goes there. Press Control Alt Shift T for the toolbar.`}
        tabIndex={isDriving ? 0 : -1}
        readOnly={!isDriving}
        inputMode="none"
        autoComplete="off"
        autoCorrect="off"
        autoCapitalize="off"
        spellCheck={false}
      />
      <div
        ref={surface}
        className="relative touch-none select-none"
        style={{
          minWidth: '100%',
          minHeight: '100%',
          width: box.left > 0 ? '100%' : box.width,
          height: box.top > 0 ? '100%' : box.height,
        }}
      >
        <div
          ref={picture}
          data-testid="picture"
          role="application"
          aria-label={`Remote desktop of ${titleOf(state)}`}
          className={`absolute overflow-hidden transition-[filter] duration-200 ${props.isDimmed ? 'brightness-50 grayscale' : ''}`}
          style={{
            left: box.left,
            top: box.top,
            width: box.width,
            height: box.height,
            cursor: isDriving ? cursorCss(cursor.shape, scale) : 'default',
          }}
        >
          <Displays {...props} desk={desk} box={box} devicePixelRatio={devicePixelRatio} />
          {desk && <GhostPointer cursor={cursor} desk={desk} scale={scale} />}
        </div>
      </div>
      {zoom.factor > 1 && <ZoomPill factor={zoom.factor} onReset={zoom.reset} />}
    </div>
  );
}

const NOTHING = { width: 0, height: 0 };

/** The pictures, each in the place of its display; that of the first track is there before anything is known. */
function Displays(props: ViewerStageProps & { desk: Desk | undefined; box: Box; devicePixelRatio: number }) {
  const { viewer, state, desk, devicePixelRatio } = props;
  const whole = { ...props.box, left: 0, top: 0 };
  if (!desk) return <DisplayView viewer={viewer} track={0} box={whole} isPixelated={false} />;
  return desk.displays.map((one) => {
    const box = displayBox(one, desk, whole, devicePixelRatio);
    const stream = state.streams.find(({ track }) => track === one.track);
    const deviceScale = (box.width * devicePixelRatio) / one.width;
    // Whole multiples stay sharp; anything else would make letters uneven, and what was sent smaller blocky.
    const isWhole = deviceScale > 1 && Number.isInteger(deviceScale);
    const isPixelated = isWhole && (stream === undefined || stream.width === one.width);
    return (
      <DisplayView key={one.track} viewer={viewer} track={one.track} box={box} isPixelated={isPixelated} />
    );
  });
}

interface StageParts {
  readonly scroller: { readonly current: HTMLDivElement | null };
  readonly surface: { readonly current: HTMLDivElement | null };
  readonly picture: { readonly current: HTMLDivElement | null };
  readonly keyboard: { readonly current: HTMLTextAreaElement | null };
}

/** Wires the captures to the elements; they read the session themselves, so they are made only once. */
function useCapture(props: ViewerStageProps, parts: StageParts, zoom: Zoom) {
  const { viewer, isDriving } = props;
  const { scroller, surface, picture, keyboard } = parts;
  const latest = useRef(props);
  latest.current = props;
  const { by: zoomBy } = zoom;
  const capture = useRef<{ releaseAll(): void }>(null);

  useEffect(() => {
    if (!scroller.current || !surface.current || !picture.current || !keyboard.current) return undefined;
    const target = keyboard.current;
    const { session, cursor } = viewer;
    const drawn = picture.current;
    const keys = new KeyboardCapture({
      target,
      system: localSystemOf(navigator),
      input: () => session.input,
      onShortcut: (shortcut) => latest.current.onShortcut(shortcut),
      takeStickyUsages: () => latest.current.takeSticky(),
    });
    const pointer = new PointerCapture({
      scroller: scroller.current,
      surface: surface.current,
      input: () => session.input,
      placeAt: (at) => {
        const desk = deskOf(session.getSnapshot());
        return desk && toDeskPlace(at, desk, drawn.getBoundingClientRect(), window.devicePixelRatio);
      },
      holdsControl: () => keys.holdsControl,
      onZoom: zoomBy,
      onPress: () => target.focus({ preventScroll: true }),
      onModifiers: (modifiers) => keys.syncModifiers(modifiers),
      onMove: (at, pressed) => {
        if (session.input) cursor.hideGhost();
        if (!pressed && at.y <= TOP_EDGE_PX && isMiddleThird(at.x)) latest.current.onTopEdge();
      },
    });
    target.addEventListener('blur', () => pointer.forgetButtons());
    capture.current = {
      releaseAll: () => {
        keys.releaseAll();
        pointer.forgetButtons();
      },
    };
    return () => {
      capture.current = null;
      keys.stop();
      pointer.stop();
    };
  }, [viewer, scroller, surface, picture, keyboard, zoomBy]);

  useEffect(() => {
    if (!isDriving) return undefined;
    // Only take the keyboard from nobody: a dialog or the toolbar may have the focus.
    if (document.activeElement === document.body) keyboard.current?.focus({ preventScroll: true });
    return () => capture.current?.releaseAll();
  }, [isDriving, keyboard]);

  return capture;
}

function isMiddleThird(x: number): boolean {
  return Math.abs(x - window.innerWidth / 2) < window.innerWidth / 6;
}
