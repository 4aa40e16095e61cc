import type { MachineRow } from '@guruconnect/shared';

/** What is known of a long sorted list: the rows of the pages that were loaded, holes between them. */
export class RowWindow {
  #rows: (MachineRow | undefined)[] = [];
  #indexes: Map<string, number> | undefined;

  get total(): number {
    return this.#rows.length;
  }
  rowAt(index: number): MachineRow | undefined {
    return this.#rows[index];
  }
  /** Where the machine is, if that is known. */
  indexOf(machineId: string): number | undefined {
    this.#indexes ??= new Map(
      this.#rows.flatMap((row, index) => (row ? [[row.machineId, index] as const] : [])),
    );
    return this.#indexes.get(machineId);
  }

  /** Takes a page as the server had it; the list is as long as it says now. A newer row that is known stays. */
  put(offset: number, rows: readonly MachineRow[], total: number): void {
    this.#rows.length = Math.max(total, offset + rows.length);
    for (const [place, row] of rows.entries()) {
      const known = this.#rows[offset + place];
      const isNewer = known?.machineId === row.machineId && known.version > row.version;
      this.#rows[offset + place] = isNewer ? known : row;
    }
    this.#indexes = undefined;
  }

  /** Puts newer rows in the place of the older ones; returns whether that changed anything. */
  replace(rows: readonly MachineRow[]): boolean {
    let isChanged = false;
    for (const row of rows) {
      const index = this.indexOf(row.machineId);
      const known = index === undefined ? undefined : this.#rows[index];
      if (index === undefined || !known || known.version >= row.version) continue;
      this.#rows[index] = row;
      isChanged = true;
    }
    return isChanged;
  }

  /** The list without these rows: those below them move up. The same object when none of them is known. */
  without(machineIds: ReadonlySet<string>): RowWindow {
    const left = new RowWindow();
    // A plain loop: methods of arrays leave out holes, and a hole keeps its place here.
    for (let index = 0; index < this.#rows.length; index += 1) {
      const row = this.#rows[index];
      if (!row || !machineIds.has(row.machineId)) left.#rows.push(row);
    }
    return left.total < this.total ? left : this;
  }

  /** Offsets of the pages with a hole between two rows, both included. */
  missingPages(first: number, last: number, pageSize: number): number[] {
    const pages = [];
    const end = Math.min(last, this.total - 1);
    for (
      let offset = Math.floor(Math.max(0, first) / pageSize) * pageSize;
      offset <= end;
      offset += pageSize
    ) {
      const pageEnd = Math.min(offset + pageSize, this.total);
      for (let index = offset; index < pageEnd; index += 1) {
        if (this.#rows[index]) continue;
        pages.push(offset);
        break;
      }
    }
    return pages;
  }

  /** Ids of the rows that are known between two places, both included. */
  idsBetween(first: number, last: number): string[] {
    const ids = [];
    for (let index = Math.max(0, first); index <= last && index < this.total; index += 1) {
      const row = this.#rows[index];
      if (row) ids.push(row.machineId);
    }
    return ids;
  }
}
