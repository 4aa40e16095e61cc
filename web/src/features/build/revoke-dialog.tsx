import type { InstallerView } from '@guruconnect/shared';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useApiMutation } from '../../lib/use-api.ts';

/** Asks before an installer stops working for good. */
export function RevokeDialog(props: { installer: InstallerView; open: boolean; onClose: () => void }) {
  const { installer } = props;
  const revoke = useApiMutation('revokeInstaller', {
    refreshes: ['listInstallers'],
    said: `${installer.name} was revoked.`,
    onDone: props.onClose,
  });
  return (
    <ConfirmDialog
      open={props.open}
      onOpenChange={(open) => !open && props.onClose()}
      title={`Revoke ${installer.name}?`}
      confirmLabel="Revoke the installer"
      busy={revoke.isPending}
      onConfirm={() => revoke.mutate({ params: { installerId: installer.installerId } })}
    >
      Nobody can enrol with it any more, and its downloads and links stop working. Machines that came from it
      stay.
    </ConfirmDialog>
  );
}
