import { type Ref, useEffect, useImperativeHandle, useRef, useSyncExternalStore } from 'react';
import { KeyboardCapture } from '../../lib/input/keyboard-capture.ts';
import { localSystemOf } from '../../lib/input/local-system.ts';
import { layoutPicture, type ScaleMode } from '../../lib/input/picture-layout.ts';
import { PointerCapture } from '../../lib/input/pointer-capture.ts';
import type { Viewer } from './create-viewer.ts';
import { GhostPointer } from './ghost-pointer.tsx';
import { cursorCss } from './remote-cursor.ts';
import { useStageSize } from './use-stage-size.ts';
import { pictureSize, titleOf, type ViewerState } from './viewer-state.ts';

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
  onToolbarShortcut(): void;
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
  const capture = useCapture(props, { scroller, surface, picture, keyboard });
  const { size: stage, devicePixelRatio } = useStageSize(scroller);
  const cursor = useSyncExternalStore(viewer.cursor.subscribe, viewer.cursor.getSnapshot);
  const remote = pictureSize(state);
  const box = layoutPicture(stage, remote ?? { width: 0, height: 0 }, scaleMode, devicePixelRatio);
  const scale = remote ? box.width / remote.width : 1;
  const deviceScale = scale * devicePixelRatio;

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
      className={`relative min-h-0 flex-1 ${scaleMode === 'actual' ? 'overflow-auto' : 'overflow-hidden'}`}
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
            // Whole multiples stay sharp; anything else would make letters uneven.
            imageRendering: deviceScale > 1 && Number.isInteger(deviceScale) ? 'pixelated' : 'auto',
          }}
        >
          {remote && <GhostPointer cursor={cursor} display={state.display} remote={remote} scale={scale} />}
        </div>
      </div>
    </div>
  );
}

interface StageParts {
  readonly scroller: { readonly current: HTMLDivElement | null };
  readonly surface: { readonly current: HTMLDivElement | null };
  readonly picture: { readonly current: HTMLDivElement | null };
  readonly keyboard: { readonly current: HTMLTextAreaElement | null };
}

/** Wires the captures to the elements; they read the session themselves, so they are made only once. */
function useCapture(props: ViewerStageProps, parts: StageParts) {
  const { viewer, isDriving } = props;
  const { scroller, surface, picture, keyboard } = parts;
  const latest = useRef(props);
  latest.current = props;
  const capture = useRef<{ releaseAll(): void }>(null);

  useEffect(() => {
    if (!scroller.current || !surface.current || !picture.current || !keyboard.current) return undefined;
    const target = keyboard.current;
    const { session, cursor, deck, tiles } = viewer;
    const detach = deck.attach(picture.current);
    const detachTiles = tiles.attach(picture.current);
    const keys = new KeyboardCapture({
      target,
      system: localSystemOf(navigator),
      input: () => session.input,
      onToolbarShortcut: () => latest.current.onToolbarShortcut(),
      takeStickyUsages: () => latest.current.takeSticky(),
    });
    const pointer = new PointerCapture({
      scroller: scroller.current,
      surface: surface.current,
      picture: picture.current,
      input: () => session.input,
      display: () => {
        const state = session.getSnapshot();
        const size = pictureSize(state);
        return size && { index: state.display, width: size.width, height: size.height };
      },
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
      detach();
      detachTiles();
    };
  }, [viewer, scroller, surface, picture, keyboard]);

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
