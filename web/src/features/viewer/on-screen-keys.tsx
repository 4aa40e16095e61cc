import { USAGE_OF_CODE } from '@guruconnect/shared';
import { ArrowDown, ArrowLeft, ArrowRight, ArrowUp, Keyboard } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../components/button.tsx';
import { FUNCTION_KEYS } from '../../lib/input/key-chords.ts';

/** Modifiers that wait for the next key. */
const STICKY = [
  { label: 'Ctrl', usage: USAGE_OF_CODE.ControlLeft },
  { label: 'Alt', usage: USAGE_OF_CODE.AltLeft },
  { label: 'Shift', usage: USAGE_OF_CODE.ShiftLeft },
  { label: 'Win', usage: USAGE_OF_CODE.MetaLeft },
] as const;

const KEYS: readonly { label: string; usage: number; face?: ReactNode }[] = [
  { label: 'Esc', usage: USAGE_OF_CODE.Escape },
  { label: 'Tab', usage: USAGE_OF_CODE.Tab },
  { label: 'Del', usage: USAGE_OF_CODE.Delete },
  { label: 'Enter', usage: USAGE_OF_CODE.Enter },
  { label: 'Arrow left', usage: USAGE_OF_CODE.ArrowLeft, face: <ArrowLeft aria-hidden="true" /> },
  { label: 'Arrow up', usage: USAGE_OF_CODE.ArrowUp, face: <ArrowUp aria-hidden="true" /> },
  { label: 'Arrow down', usage: USAGE_OF_CODE.ArrowDown, face: <ArrowDown aria-hidden="true" /> },
  { label: 'Arrow right', usage: USAGE_OF_CODE.ArrowRight, face: <ArrowRight aria-hidden="true" /> },
  { label: 'Home', usage: USAGE_OF_CODE.Home },
  { label: 'End', usage: USAGE_OF_CODE.End },
  { label: 'Page up', usage: USAGE_OF_CODE.PageUp, face: 'PgUp' },
  { label: 'Page down', usage: USAGE_OF_CODE.PageDown, face: 'PgDn' },
  ...FUNCTION_KEYS.flatMap(({ label, usages: [usage] }) => (usage === undefined ? [] : [{ label, usage }])),
];

/** A row of the keys that a phone's keyboard lacks. */
export function OnScreenKeys(props: {
  sticky: readonly number[];
  onSticky: (usages: readonly number[]) => void;
  onKey: (usage: number) => void;
  onTyping: () => void;
  onCtrlAltDelete: () => void;
}) {
  const { sticky } = props;
  const toggle = (usage: number) =>
    props.onSticky(sticky.includes(usage) ? sticky.filter((one) => one !== usage) : [...sticky, usage]);
  return (
    <section
      aria-label="Keys of the remote keyboard"
      className="flex gap-1.5 overflow-x-auto border-border border-t bg-card p-2 text-card-foreground"
      // The focus stays on the stage, else the phone's keyboard closes at each tap.
      onPointerDown={(event) => event.preventDefault()}
      onMouseDown={(event) => event.preventDefault()}
    >
      <Button size="icon" aria-label="Open the keyboard" onClick={props.onTyping}>
        <Keyboard aria-hidden="true" />
      </Button>
      {STICKY.map(({ label, usage }) => (
        <Button
          key={label}
          size="small"
          className="h-9"
          tone={sticky.includes(usage) ? 'primary' : 'secondary'}
          aria-pressed={sticky.includes(usage)}
          aria-label={`${label}, for the next key`}
          onClick={() => toggle(usage)}
        >
          {label}
        </Button>
      ))}
      {KEYS.map(({ label, usage, face }) => (
        <Button
          key={label}
          size="small"
          className="h-9"
          aria-label={label}
          onClick={() => props.onKey(usage)}
        >
          {face ?? label}
        </Button>
      ))}
      <Button size="small" className="h-9" onClick={props.onCtrlAltDelete}>
        Ctrl + Alt + Del
      </Button>
    </section>
  );
}
