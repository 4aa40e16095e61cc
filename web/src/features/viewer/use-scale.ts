import { useMemo, useState } from 'react';
import type { ScaleMode } from '../../lib/input/picture-layout.ts';
import { rememberedScale, rememberScale } from './scale-memory.ts';
import type { ViewerState } from './viewer-state.ts';

/** The scale of what is shown, kept for each display of each machine, and for all displays together. */
export function useScale(state: ViewerState): [ScaleMode, (mode: ScaleMode) => void] {
  const name = nameOf(state);
  const [chosen, setChosen] = useState<{ readonly name: string; readonly mode: ScaleMode }>();
  const remembered = useMemo(() => rememberedScale(localStorage, name), [name]);
  const choose = (mode: ScaleMode) => {
    setChosen({ name, mode });
    rememberScale(localStorage, name, mode);
  };
  return [chosen?.name === name ? chosen.mode : remembered, choose];
}

function nameOf({ machine, displays, shown }: ViewerState): string {
  const ids = shown.map((index) => displays.find((one) => one.index === index)?.id ?? index);
  return `${machine?.hostname ?? ''}/${ids.length > 1 ? 'all' : (ids[0] ?? '')}`;
}
