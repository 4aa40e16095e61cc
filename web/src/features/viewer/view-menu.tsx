import { Check, Monitor } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { MenuSeparator } from '../../components/menu.tsx';
import type { ScaleMode } from '../../lib/input/picture-layout.ts';
import { ToolbarMenu } from './toolbar-menu.tsx';
import type { ViewerSession } from './viewer-session.ts';
import type { ViewerState } from './viewer-state.ts';

const SCALES: readonly { mode: ScaleMode; label: string }[] = [
  { mode: 'fit', label: 'Fit to the window' },
  { mode: 'actual', label: 'Actual size (100 %)' },
  { mode: 'double', label: 'Double size (200 %)' },
];
const ALL = 'all';

/** Which displays are shown, and how large. */
export function ViewMenu(props: {
  session: ViewerSession;
  state: ViewerState;
  scaleMode: ScaleMode;
  onScaleMode: (mode: ScaleMode) => void;
  onDone: () => void;
}) {
  const { session, state } = props;
  const isAll = state.shown.length > 1;
  return (
    <ToolbarMenu icon={Monitor} label="Displays and size" onDone={props.onDone}>
      {state.displays.length > 1 && (
        <>
          <Choices
            label="Displays"
            value={isAll ? ALL : String(state.display)}
            onValue={(value) =>
              value === ALL ? session.picture.showAllDisplays() : session.picture.selectDisplay(Number(value))
            }
          >
            {state.displays.map((display, position) => (
              <Choice key={display.id} value={String(display.index)} keys={`${position + 1}`}>
                {display.name}
                <span className="text-muted-foreground text-xs">
                  {display.width} × {display.height}
                  {display.primary && ', primary'}
                </span>
              </Choice>
            ))}
            <Choice value={ALL} keys="0">
              All displays
            </Choice>
          </Choices>
          <MenuSeparator />
        </>
      )}
      <Choices
        label="Size"
        value={props.scaleMode}
        onValue={(value) => {
          const scale = SCALES.find(({ mode }) => mode === value);
          if (scale) props.onScaleMode(scale.mode);
        }}
      >
        {SCALES.map(({ mode, label }) => (
          <Choice key={mode} value={mode}>
            {label}
          </Choice>
        ))}
      </Choices>
    </ToolbarMenu>
  );
}

function Choices(props: {
  label: string;
  value: string;
  onValue: (value: string) => void;
  children: ReactNode;
}) {
  return (
    <DropdownMenu.RadioGroup aria-label={props.label} value={props.value} onValueChange={props.onValue}>
      {props.children}
    </DropdownMenu.RadioGroup>
  );
}

/** `keys`: the digit that chooses it together with Ctrl, Alt and Shift. */
function Choice(props: { value: string; keys?: string; children: ReactNode }) {
  return (
    <DropdownMenu.RadioItem
      value={props.value}
      {...(props.keys ? { 'aria-keyshortcuts': `Control+Alt+Shift+${props.keys}` } : {})}
      className="flex select-none items-center gap-2.5 rounded-md py-2 pr-2.5 pl-8 text-sm outline-none data-highlighted:bg-muted"
    >
      <DropdownMenu.ItemIndicator className="-ml-6 w-3.5">
        <Check aria-hidden="true" className="size-4" />
      </DropdownMenu.ItemIndicator>
      {props.children}
      {props.keys && (
        <span aria-hidden="true" className="ml-auto pl-4 text-muted-foreground text-xs max-sm:hidden">
          Ctrl+Alt+Shift+{props.keys}
        </span>
      )}
    </DropdownMenu.RadioItem>
  );
}
