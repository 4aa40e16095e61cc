import type { ApiName, ApiReply } from '@guruconnect/shared';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import type { ApiInput, InputArgs } from './api-client.ts';
import { useApi } from './api-context.ts';
import { describeError } from './describe-error.ts';

/** What a route answers, cached under the route's name and input. */
export function useApiQuery<N extends ApiName>(name: N, ...input: InputArgs<N>) {
  const api = useApi();
  return useQuery({ queryKey: [name, ...input], queryFn: () => api.call(name, ...input) });
}

/**
 * A change through a route. A failure is shown as a toast unless `showsError` says that the caller does;
 * the lists named in `refreshes` are loaded again.
 */
export function useApiMutation<N extends ApiName>(
  name: N,
  options: {
    onDone?: (reply: ApiReply<N>) => void;
    refreshes?: ApiName[];
    said?: string;
    showsError?: true;
  } = {},
) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    // A route without input takes none; TypeScript cannot see that through the generic.
    mutationFn: (input: ApiInput<N>) => api.call(name, ...([input] as unknown as InputArgs<N>)),
    onSuccess: async (reply) => {
      if (options.said) toast.success(options.said);
      options.onDone?.(reply);
      await Promise.all(
        (options.refreshes ?? []).map((route) => queries.invalidateQueries({ queryKey: [route] })),
      );
    },
    onError: (error) => {
      if (!options.showsError) toast.error(describeError(error));
    },
  });
}
