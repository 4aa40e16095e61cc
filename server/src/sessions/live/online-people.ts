/** Technicians who have a page open now. Lost with the process: pages connect again. */
export class OnlinePeople {
  readonly #pages = new Map<string, number>();

  opened(userId: string): void {
    this.#pages.set(userId, (this.#pages.get(userId) ?? 0) + 1);
  }

  closed(userId: string): void {
    const left = (this.#pages.get(userId) ?? 0) - 1;
    if (left > 0) this.#pages.set(userId, left);
    else this.#pages.delete(userId);
  }

  isOnline(userId: string): boolean {
    return this.#pages.has(userId);
  }
}
