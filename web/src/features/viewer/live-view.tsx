import { useCallback, useRef, useState } from 'react';
import type { ScaleMode } from '../../lib/input/picture-layout.ts';
import type { Viewer } from './create-viewer.ts';
import { NoticePill, ServerPill } from './notice-pill.tsx';
import { OnScreenKeys } from './on-screen-keys.tsx';
import { PictureOverlay } from './picture-overlay.tsx';
import { useCoarsePointer } from './use-coarse-pointer.ts';
import { useFullScreen } from './use-full-screen.ts';
import { useToolbarReveal } from './use-toolbar-reveal.ts';
import { type StageControls, ViewerStage } from './viewer-stage.tsx';
import { drives, titleOf, type ViewerPhase, type ViewerState } from './viewer-state.ts';
import { ViewerToolbar } from './viewer-toolbar.tsx';

/** The picture with everything that floats over it. */
export function LiveView(props: {
  viewer: Viewer;
  state: ViewerState;
  phase: Extract<ViewerPhase, { kind: 'connecting' | 'live' | 'reconnecting' | 'paused' }>;
  onMode: (mode: 'control' | 'view') => void;
}) {
  const { viewer, state, phase } = props;
  const { session } = viewer;
  const [scaleMode, setScaleMode] = useState<ScaleMode>('fit');
  const [sticky, setSticky] = useState<readonly number[]>([]);
  const stickyNow = useRef(sticky);
  stickyNow.current = sticky;
  const stage = useRef<StageControls>(null);
  const reveal = useToolbarReveal();
  const fullScreen = useFullScreen();
  const coarse = useCoarsePointer();
  const [keysWanted, setKeysWanted] = useState<boolean>();
  const isDriving = drives(state);
  const keysShown = isDriving && (keysWanted ?? coarse);
  const takeSticky = useCallback(() => {
    if (stickyNow.current.length > 0) setSticky([]);
    return stickyNow.current;
  }, []);
  const setMode = (mode: 'control' | 'view') => {
    stage.current?.releaseAll();
    session.setMode(mode);
    props.onMode(mode);
  };
  return (
    <main className="fixed inset-0 flex flex-col overflow-hidden bg-neutral-900 text-neutral-100">
      <h1 className="sr-only">{titleOf(state)}</h1>
      <ViewerToolbar
        viewer={viewer}
        state={state}
        reveal={reveal}
        scaleMode={scaleMode}
        onScaleMode={setScaleMode}
        fullScreen={fullScreen}
        keysShown={keysShown}
        onKeysShown={setKeysWanted}
        onMode={setMode}
        onDone={() => stage.current?.focus()}
      />
      <ViewerStage
        ref={stage}
        viewer={viewer}
        state={state}
        scaleMode={scaleMode}
        isDriving={isDriving}
        isDimmed={phase.kind !== 'live'}
        takeSticky={takeSticky}
        onTopEdge={reveal.show}
        onToolbarShortcut={reveal.focus}
      />
      {keysShown && (
        <OnScreenKeys
          sticky={sticky}
          onSticky={setSticky}
          onKey={(usage) => session.input?.chord([...takeSticky(), usage])}
          onTyping={() => stage.current?.showPhoneKeyboard()}
        />
      )}
      <PictureOverlay phase={phase} state={state} onLeave={() => session.leave()} />
      {!state.serverReachable && phase.kind === 'live' && <ServerPill />}
      <NoticePill notice={state.notice} onDone={() => session.dismissNotice()} />
    </main>
  );
}
