import { useCallback, useRef, useState, useSyncExternalStore } from 'react';
import type { LocalShortcut } from '../../lib/input/local-shortcuts.ts';
import type { Viewer } from './create-viewer.ts';
import { NoticePill, ServerPill } from './notice-pill.tsx';
import { OnScreenKeys } from './on-screen-keys.tsx';
import { PictureOverlay } from './picture-overlay.tsx';
import { StatisticsOverlay } from './statistics.tsx';
import { TransferCard } from './transfer-card.tsx';
import { useCoarsePointer } from './use-coarse-pointer.ts';
import { useFullScreen } from './use-full-screen.ts';
import { useScale } from './use-scale.ts';
import { useToolbarReveal } from './use-toolbar-reveal.ts';
import type { ViewerSession } from './viewer-session.ts';
import { type StageControls, ViewerStage } from './viewer-stage.tsx';
import { mayDrive, titleOf, type ViewerPhase, type ViewerState } from './viewer-state.ts';
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
  const [scaleMode, setScaleMode] = useScale(state);
  const [statisticsShown, setStatisticsShown] = useState(false);
  const [sticky, setSticky] = useState<readonly number[]>([]);
  const stickyNow = useRef(sticky);
  stickyNow.current = sticky;
  const stage = useRef<StageControls>(null);
  const reveal = useToolbarReveal();
  const fullScreen = useFullScreen();
  const coarse = useCoarsePointer();
  const [keysWanted, setKeysWanted] = useState<boolean>();
  const restarts = useSyncExternalStore(viewer.restart.subscribe, viewer.restart.getSnapshot);
  const isDriving = mayDrive(state);
  const keysShown = isDriving && (keysWanted ?? coarse);
  const takeSticky = useCallback(() => {
    if (stickyNow.current.length > 0) setSticky([]);
    return stickyNow.current;
  }, []);
  const setMode = (mode: 'control' | 'view') => {
    stage.current?.releaseAll();
    session.cooperation.setMode(mode);
    props.onMode(mode);
  };
  const onShortcut = (shortcut: LocalShortcut) => {
    if (shortcut.kind === 'toolbar') reveal.focus();
    else if (shortcut.kind === 'statistics') setStatisticsShown(!statisticsShown);
    else showDisplays(session, state, shortcut);
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
        statisticsShown={statisticsShown}
        onStatisticsShown={setStatisticsShown}
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
        onShortcut={onShortcut}
      />
      {keysShown && (
        <OnScreenKeys
          sticky={sticky}
          onSticky={setSticky}
          onKey={(usage) => session.input?.chord([...takeSticky(), usage])}
          onTyping={() => stage.current?.showPhoneKeyboard()}
          onCtrlAltDelete={() => session.tell({ type: 'special-keys', keys: 'ctrl-alt-delete' })}
        />
      )}
      {statisticsShown && <StatisticsOverlay monitor={session.monitor} state={state} />}
      <PictureOverlay
        phase={phase}
        state={state}
        restarts={restarts}
        onLeave={() => session.leave()}
        onResume={() => session.cooperation.resume()}
      />
      <TransferCard state={state} cooperation={session.cooperation} />
      {!state.serverReachable && phase.kind === 'live' && <ServerPill />}
      <NoticePill notice={state.notice} onDone={() => session.dismissNotice()} />
    </main>
  );
}

/** Nothing for a display that is not there, or that is shown already. */
function showDisplays(
  session: ViewerSession,
  { displays, shown }: ViewerState,
  shortcut: Extract<LocalShortcut, { kind: 'display' | 'all-displays' }>,
): void {
  if (shortcut.kind === 'all-displays') {
    if (displays.length > 1 && shown.length === 1) session.picture.showAllDisplays();
    return;
  }
  const wanted = displays[shortcut.position];
  if (wanted && shown.join() !== String(wanted.index)) session.picture.selectDisplay(wanted.index);
}
