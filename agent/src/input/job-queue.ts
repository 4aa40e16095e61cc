/** Work that is done (0) or wants to go on after some milliseconds. */
export type Job = () => number;

/** Runs jobs in order: at once while none has to wait, later behind one that has. */
export class JobQueue {
  #jobs: Job[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** Runs `job` now or in its turn. What it throws reaches the caller only when it runs now. */
  run(job: Job): void {
    this.#jobs.push(job);
    if (this.#timer === undefined) this.#drain();
  }

  /** Forgets all jobs, the waiting one included. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#jobs = [];
  }

  #drain(): void {
    let job = this.#jobs[0];
    while (job !== undefined) {
      const waitMs = this.#attempt(job);
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#resume(), waitMs);
        return;
      }
      this.#jobs.shift();
      job = this.#jobs[0];
    }
  }

  #attempt(job: Job): number {
    try {
      return job();
    } catch (error) {
      this.clear();
      throw error;
    }
  }

  /** Only a lost desktop makes a job fail, and the next call from outside will say so again. */
  #resume(): void {
    this.#timer = undefined;
    try {
      this.#drain();
    } catch {
      this.clear();
    }
  }
}
