import { ChevronDown, LogOut, Maximize, Minimize, Square } from 'lucide-react';
import { Badge } from '../../components/badge.tsx';
import { cn } from '../../lib/class-names.ts';
import type { ScaleMode } from '../../lib/input/picture-layout.ts';
import { ControlSwitch } from './control-switch.tsx';
import { CooperationButtons } from './cooperation-buttons.tsx';
import type { Viewer } from './create-viewer.ts';
import { EndSession } from './end-session.tsx';
import { QualityPopover } from './quality-popover.tsx';
import { RestartControl } from './restart-control.tsx';
import { SecurityPopover } from './security-popover.tsx';
import { SpecialKeysMenu } from './special-keys-menu.tsx';
import { ToolbarButton } from './toolbar-button.tsx';
import type { FullScreen } from './use-full-screen.ts';
import type { ToolbarReveal } from './use-toolbar-reveal.ts';
import { ViewMenu } from './view-menu.tsx';
import { drives, participantOf, titleOf, type ViewerState } from './viewer-state.ts';

export interface ViewerToolbarProps {
  readonly viewer: Viewer;
  readonly state: ViewerState;
  readonly reveal: ToolbarReveal;
  readonly scaleMode: ScaleMode;
  readonly fullScreen: FullScreen;
  readonly keysShown: boolean;
  readonly statisticsShown: boolean;
  onScaleMode(mode: ScaleMode): void;
  onKeysShown(shown: boolean): void;
  onStatisticsShown(shown: boolean): void;
  onMode(mode: 'control' | 'view'): void;
  /** The toolbar has done its work: the keyboard goes back to the remote desktop. */
  onDone(): void;
}

/** A slim bar over the top of the picture that hides by itself. */
export function ViewerToolbar(props: ViewerToolbarProps) {
  const { viewer, state, reveal } = props;
  const { session } = viewer;
  return (
    <>
      <button
        type="button"
        tabIndex={-1}
        aria-label="Show the toolbar"
        title="Show the toolbar (Ctrl + Alt + Shift + T)"
        onPointerEnter={reveal.show}
        onClick={reveal.show}
        className={cn(
          'absolute top-0 left-1/2 z-20 flex h-5 w-20 -translate-x-1/2 items-center justify-center rounded-b-lg bg-card/70 text-card-foreground shadow transition-opacity',
          reveal.isOpen && 'pointer-events-none opacity-0',
        )}
      >
        <ChevronDown aria-hidden="true" className="size-4" />
      </button>
      <div
        ref={reveal.element}
        role="toolbar"
        aria-label="Remote session"
        aria-keyshortcuts="Control+Alt+Shift+T"
        onPointerMove={reveal.show}
        onFocus={reveal.show}
        onKeyDown={(event) => {
          if (event.key === 'Escape') props.onDone();
          else moveFocus(event.key, reveal.element.current);
        }}
        className={cn(
          'absolute inset-x-2 top-2 z-30 mx-auto flex w-fit flex-wrap items-center justify-center gap-1 rounded-xl border border-border bg-card px-2 py-1 max-sm:gap-0 max-sm:px-0 text-card-foreground shadow-lg transition duration-150 max-sm:w-auto max-sm:gap-0.5',
          !reveal.isOpen && 'pointer-events-none -translate-y-[calc(100%+1rem)] opacity-0',
        )}
      >
        <SessionName state={state} />
        <ControlSwitch state={state} session={session} onMode={props.onMode} onDone={props.onDone} />
        <ViewMenu
          session={session}
          state={state}
          scaleMode={props.scaleMode}
          onScaleMode={props.onScaleMode}
          onDone={props.onDone}
        />
        <FullScreenButton fullScreen={props.fullScreen} onDone={props.onDone} />
        <SpecialKeysMenu
          session={session}
          disabled={!drives(state)}
          keysShown={props.keysShown}
          onKeysShown={props.onKeysShown}
          onDone={props.onDone}
        />
        <QualityPopover
          session={session}
          state={state}
          statisticsShown={props.statisticsShown}
          onStatisticsShown={props.onStatisticsShown}
        />
        <SecurityPopover security={state.security} />
        <CooperationButtons state={state} cooperation={session.cooperation} onDone={props.onDone} />
        {state.session?.origin === 'machine' && state.session.machineId !== null && (
          <RestartControl machineId={state.session.machineId} restart={viewer.restart} />
        )}
        <ToolbarButton icon={LogOut} label="Leave" onClick={() => session.leave()} />
        {state.session?.rights.end && (
          <EndSession
            icon={Square}
            isMachine={state.session.machineId !== null}
            onEnd={() => session.cooperation.end()}
          />
        )}
      </div>
    </>
  );
}

function SessionName({ state }: { state: ViewerState }) {
  const isLive = state.keeper === 'up';
  const isPaused = participantOf(state)?.grant.status === 'paused';
  return (
    <div className="flex min-w-0 items-center gap-2 px-2 max-sm:w-full max-sm:justify-center">
      <Badge tone={isLive ? 'success' : 'warning'} pulse={isLive}>
        {isLive ? 'Live' : isPaused ? 'Paused' : 'No connection'}
      </Badge>
      <span className="max-w-48 truncate font-medium text-sm" title={titleOf(state)}>
        {titleOf(state)}
      </span>
    </div>
  );
}

function FullScreenButton({ fullScreen, onDone }: Pick<ViewerToolbarProps, 'fullScreen' | 'onDone'>) {
  if (!fullScreen.isSupported) return null;
  return (
    <ToolbarButton
      icon={fullScreen.isOn ? Minimize : Maximize}
      label={fullScreen.isOn ? 'Leave full screen' : 'Full screen'}
      aria-pressed={fullScreen.isOn}
      onClick={() => {
        fullScreen.toggle();
        onDone();
      }}
    />
  );
}

/** Arrow keys walk through a toolbar (WAI-ARIA toolbar pattern); Tab works as well. */
function moveFocus(key: string, toolbar: HTMLElement | null): void {
  const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
  if (step === 0 || !toolbar) return;
  const buttons: (Element | null)[] = [...toolbar.querySelectorAll('button:not(:disabled)')];
  const at = buttons.indexOf(document.activeElement);
  const next = buttons[(at + step + buttons.length) % buttons.length];
  if (at >= 0 && next instanceof HTMLElement) next.focus();
}
