import type { Me, Preferences } from '@guruconnect/shared';
import { useQueryClient } from '@tanstack/react-query';
import { useAppearance } from './appearance-store.ts';
import { useMe } from './me-context.ts';
import { useApiMutation } from './use-api.ts';

/** Applies a choice at once and keeps it on the server; a refusal puts the old one back. */
export function useSavePreferences(): (choice: Partial<Preferences>) => void {
  const { preferences } = useMe();
  const queries = useQueryClient();
  const { mutate } = useApiMutation('changePreferences', {
    onDone: (saved) => queries.setQueryData<Me>(['me'], (me) => me && { ...me, preferences: saved }),
  });
  return (choice) => {
    useAppearance.getState().choose(choice);
    mutate({ body: choice }, { onError: () => useAppearance.getState().choose(preferences) });
  };
}
