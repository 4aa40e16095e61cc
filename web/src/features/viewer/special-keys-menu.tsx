import { Keyboard } from 'lucide-react';
import { MenuItem, MenuSeparator } from '../../components/menu.tsx';
import { FUNCTION_KEYS, KEY_CHORDS } from '../../lib/input/key-chords.ts';
import { ToolbarMenu } from './toolbar-menu.tsx';
import type { ViewerSession } from './viewer-session.ts';

/** Keys that the technician's own system would keep for itself. */
export function SpecialKeysMenu(props: {
  session: ViewerSession;
  disabled: boolean;
  keysShown: boolean;
  onKeysShown: (shown: boolean) => void;
  onDone: () => void;
}) {
  const { session } = props;
  return (
    <ToolbarMenu icon={Keyboard} label="Special keys" disabled={props.disabled} onDone={props.onDone}>
      <MenuItem onSelect={() => void session.tell({ type: 'special-keys', keys: 'ctrl-alt-delete' })}>
        Ctrl + Alt + Del
      </MenuItem>
      {KEY_CHORDS.map(({ label, usages }) => (
        <MenuItem key={label} onSelect={() => session.input?.chord(usages)}>
          {label}
        </MenuItem>
      ))}
      <MenuSeparator />
      <div className="grid grid-cols-4">
        {FUNCTION_KEYS.map(({ label, usages }) => (
          <MenuItem key={label} onSelect={() => session.input?.chord(usages)}>
            {label}
          </MenuItem>
        ))}
      </div>
      <MenuSeparator />
      <MenuItem onSelect={() => props.onKeysShown(!props.keysShown)}>
        {props.keysShown ? 'Hide the on-screen keys' : 'Show the on-screen keys'}
      </MenuItem>
    </ToolbarMenu>
  );
}
