/** Tells of requests for help that came or were closed, by the company of their machine. */
export interface SupportNews {
  changed(companyId: string): void;
  onChanged(listener: (companyId: string) => void): () => void;
}

/** Within this process. A listener that fails does not keep the others from it. */
export function createSupportNews(onFault: (error: unknown) => void): SupportNews {
  const listeners = new Set<(companyId: string) => void>();
  return {
    changed: (companyId) => {
      for (const listener of [...listeners]) {
        try {
          listener(companyId);
        } catch (error) {
          onFault(error);
        }
      }
    },
    onChanged: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
