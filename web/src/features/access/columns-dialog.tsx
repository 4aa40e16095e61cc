import { ArrowDown, ArrowUp } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { type ChosenColumn, COLUMNS, chosenColumns } from './columns.tsx';

/** Which columns the list has, and in which order. */
export function ColumnsDialog(props: {
  columns: readonly ChosenColumn[];
  onChange: (columns: readonly ChosenColumn[]) => void;
  onClose: () => void;
}) {
  const { columns, onChange } = props;
  const [said, setSaid] = useState('');
  const others = COLUMNS.filter((one) => !columns.some(({ key }) => key === one.key));
  function move(place: number, by: number): void {
    const moved = [...columns];
    const [column] = moved.splice(place, 1);
    if (!column) return;
    moved.splice(place + by, 0, column);
    onChange(moved);
    setSaid(`${column.title} is number ${place + by + 1} now.`);
  }
  return (
    <Dialog
      open
      onOpenChange={props.onClose}
      title="Columns"
      description="Their widths change at the edges of their titles."
    >
      <p role="status" className="sr-only">
        {said}
      </p>
      <ul className="grid">
        {columns.map((column, place) => (
          <li key={column.key} className="flex h-9 items-center gap-3 text-sm">
            <label className="flex min-w-0 flex-1 items-center gap-3">
              <input
                type="checkbox"
                checked
                disabled={column.key === 'name'}
                onChange={() => onChange(columns.filter(({ key }) => key !== column.key))}
                className="size-4 accent-primary"
              />
              <span className="truncate">{column.title}</span>
            </label>
            <Button
              tone="ghost"
              size="icon"
              aria-label={`Move ${column.title} up`}
              disabled={place < 2}
              onClick={() => move(place, -1)}
            >
              <ArrowUp aria-hidden="true" />
            </Button>
            <Button
              tone="ghost"
              size="icon"
              aria-label={`Move ${column.title} down`}
              disabled={place === 0 || place === columns.length - 1}
              onClick={() => move(place, 1)}
            >
              <ArrowDown aria-hidden="true" />
            </Button>
          </li>
        ))}
      </ul>
      {others.length > 0 && (
        <fieldset className="mt-3 border-t pt-3">
          <legend className="float-left mb-1 w-full font-medium text-muted-foreground text-xs">
            Not shown
          </legend>
          <ul className="grid clear-both sm:grid-cols-2">
            {others.map((column) => (
              <li key={column.key}>
                <label className="flex h-9 items-center gap-3 text-sm">
                  <input
                    type="checkbox"
                    checked={false}
                    onChange={() => onChange([...columns, column])}
                    className="size-4 accent-primary"
                  />
                  {column.title}
                </label>
              </li>
            ))}
          </ul>
        </fieldset>
      )}
      <DialogActions>
        <Button onClick={() => onChange(chosenColumns([]))}>As usual</Button>
        <Button tone="primary" onClick={props.onClose}>
          Done
        </Button>
      </DialogActions>
    </Dialog>
  );
}
