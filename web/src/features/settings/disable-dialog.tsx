import type { UserView } from '@guruconnect/shared';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useApiMutation } from '../../lib/use-api.ts';

export function DisableDialog({ user, onClose }: { user: UserView; onClose: () => void }) {
  const disable = useApiMutation('disableUser', {
    refreshes: ['listUsers'],
    said: `${user.name} was disabled.`,
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Disable ${user.name}?`}
      confirmLabel="Disable"
      busy={disable.isPending}
      onConfirm={() => disable.mutate({ params: { userId: user.userId } })}
    >
      They are signed out everywhere and cut off from running sessions at once. You can enable them again
      later.
    </ConfirmDialog>
  );
}
