/** So long an installed program has to open and present the code, before the one-time program is downloaded (P4). */
export const LAUNCH_WAIT_MS = 3_000;

export interface LaunchState {
  /** `idle`: nothing is done by itself, since this tab did it before. */
  readonly step: 'idle' | 'opening' | 'downloaded';
}

/** Gets the Windows program to run: an installed one by its address, else a download. An object outside React. */
export interface AppLaunch {
  getState(): LaunchState;
  subscribe(listener: () => void): () => void;
  /**
   * Tries once for each tab and code. The page stops it, by what this returns, as soon as the server knows of an agent
   * with this code; nothing is read out of focus or visibility, which lie.
   */
  begin(): () => void;
  /** Asked for by the person. */
  download(): void;
}

export function createAppLaunch(deps: {
  code: string;
  /** False after the program ran already: nothing begins by itself then. */
  isAutomatic: boolean;
  openAddress: (address: string) => void;
  save: (path: string, fileName: string) => void;
  /** Calls after so many milliseconds; returns what calls it off. */
  after: (delayMs: number, deed: () => void) => () => void;
  memory: Pick<Storage, 'getItem' | 'setItem'>;
}): AppLaunch {
  const { code, memory } = deps;
  const fileName = `GuruConnect-${code}.exe`;
  const listeners = new Set<() => void>();
  const isFirst = deps.isAutomatic && memory.getItem(MEMORY_KEY) !== code;
  let state: LaunchState = { step: isFirst ? 'opening' : 'idle' };

  function download(): void {
    memory.setItem(MEMORY_KEY, code);
    deps.save(`/download/windows/${fileName}`, fileName);
    state = { step: 'downloaded' };
    for (const listener of [...listeners]) listener();
  }
  return {
    getState: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    begin: () => {
      if (state.step !== 'opening') return () => {};
      deps.openAddress(`guruconnect://session/${code}`);
      return deps.after(LAUNCH_WAIT_MS, download);
    },
    download,
  };
}

const MEMORY_KEY = 'guruconnect.launched';
