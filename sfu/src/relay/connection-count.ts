/** Counts connections, those of one address that have not joined apart: opening many costs an attacker little. */
export class ConnectionCount {
  readonly #limits: { readonly total: number; readonly unjoinedOfAddress: number };
  readonly #unjoined = new Map<string, number>();
  #total = 0;

  constructor(limits: { readonly total: number; readonly unjoinedOfAddress: number }) {
    this.#limits = limits;
  }

  get total(): number {
    return this.#total;
  }

  /** Undefined when there is no room. `joined` and `closed` may be called twice. */
  enter(address: string): { joined(): void; closed(): void } | undefined {
    const before = this.#unjoined.get(address) ?? 0;
    if (this.#total >= this.#limits.total || before >= this.#limits.unjoinedOfAddress) return undefined;
    this.#total += 1;
    this.#unjoined.set(address, before + 1);
    let isUnjoined = true;
    let isOpen = true;
    const joined = () => {
      if (!isUnjoined) return;
      isUnjoined = false;
      const left = (this.#unjoined.get(address) ?? 1) - 1;
      if (left > 0) this.#unjoined.set(address, left);
      else this.#unjoined.delete(address);
    };
    const closed = () => {
      joined();
      if (isOpen) this.#total -= 1;
      isOpen = false;
    };
    return { joined, closed };
  }
}
