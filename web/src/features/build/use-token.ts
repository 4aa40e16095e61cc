import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { toast } from 'sonner';
import { useApi } from '../../lib/api-context.ts';
import { describeError } from '../../lib/describe-error.ts';

/**
 * The token of an installer, asked for when a deed needs it and at no other time: the server writes that down. Kept for
 * as long as the row is shown. A deed that fails is told as a toast.
 */
export function useToken(installerId: string, known?: string) {
  const api = useApi();
  const kept = useRef(known);
  const { mutate, isPending } = useMutation({
    mutationFn: async (deed: (token: string) => unknown) => {
      kept.current ??= (await api.call('revealInstaller', { params: { installerId } })).token;
      await deed(kept.current);
    },
    onError: (error) => {
      toast.error(describeError(error));
    },
  });
  return { isBusy: isPending, withToken: mutate };
}
