import { useCallback, useMemo, useRef } from 'react';
import { useAppearance } from '../../lib/appearance-store.ts';
import { useSavePreferences } from '../../lib/use-save-preferences.ts';
import { type ChosenColumn, chosenColumns, savedColumns } from './columns.tsx';

/** The list's columns, and functions that change them; kept with the person's account. */
export function useColumns() {
  const saved = useAppearance((appearance) => appearance.accessColumns);
  const save = useSavePreferences();
  const columns = useMemo(() => chosenColumns(saved), [saved]);
  const newest = useRef({ columns, save });
  newest.current = { columns, save };
  const choose = useCallback(
    (chosen: readonly ChosenColumn[]) => newest.current.save({ accessColumns: savedColumns(chosen) }),
    [],
  );
  const resize = useCallback((key: string, width: number) => {
    const resized = newest.current.columns.map((one) => (one.key === key ? { ...one, width } : one));
    newest.current.save({ accessColumns: savedColumns(resized) });
  }, []);
  return { columns, choose, resize };
}
