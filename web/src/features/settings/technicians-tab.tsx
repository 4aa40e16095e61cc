import { may, type UserView } from '@guruconnect/shared';
import { Ellipsis, KeyRound, Pencil, Plus, UserCheck, UserX } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { TitledCard } from '../../components/card.tsx';
import { LoadFailure } from '../../components/load-failure.tsx';
import { Menu, MenuItem, MenuSeparator } from '../../components/menu.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import { formatDateTime } from '../../lib/format-time.ts';
import { useActor } from '../../lib/me-context.ts';
import { ROLE_NAMES } from '../../lib/role-names.ts';
import { useApiMutation, useApiQuery } from '../../lib/use-api.ts';
import { AddTechnicianDialog } from './add-technician-dialog.tsx';
import { DisableDialog } from './disable-dialog.tsx';
import { EditTechnicianDialog } from './edit-technician-dialog.tsx';
import { ResetPasswordDialog } from './reset-password-dialog.tsx';

type Open = { dialog: 'edit' | 'password' | 'disable'; user: UserView };

/** Everybody who can sign in. */
export function TechniciansTab() {
  const users = useApiQuery('listUsers');
  const [isAdding, setAdding] = useState(false);
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  return (
    <TitledCard
      title="Technicians"
      description="A new role or password signs the person out at once."
      action={
        <Button tone="primary" onClick={() => setAdding(true)}>
          <Plus aria-hidden="true" /> Add technician
        </Button>
      }
    >
      {users.data ? (
        <ul className="divide-y">
          {users.data.users.map((user) => (
            <TechnicianRow key={user.userId} user={user} onOpen={setOpen} />
          ))}
        </ul>
      ) : users.error ? (
        <LoadFailure error={users.error} onRetry={() => void users.refetch()} />
      ) : (
        <SkeletonRows />
      )}
      <AddTechnicianDialog open={isAdding} onOpenChange={setAdding} />
      {open?.dialog === 'edit' && <EditTechnicianDialog user={open.user} onClose={close} />}
      {open?.dialog === 'password' && <ResetPasswordDialog user={open.user} onClose={close} />}
      {open?.dialog === 'disable' && <DisableDialog user={open.user} onClose={close} />}
    </TitledCard>
  );
}

function TechnicianRow({ user, onOpen }: { user: UserView; onOpen: (open: Open) => void }) {
  const actor = useActor();
  const teams = useApiQuery('listTeams');
  const team = teams.data?.teams.find((one) => one.teamId === user.teamId)?.name;
  const enable = useApiMutation('enableUser', {
    refreshes: ['listUsers'],
    said: `${user.name} can sign in again.`,
  });
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3 text-sm first:pt-0 last:pb-0">
      <div className="min-w-0 flex-1 basis-52">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {user.name}
          {user.disabled && <Badge tone="danger">Disabled</Badge>}
          {user.userId === actor.userId && <Badge tone="accent">You</Badge>}
        </p>
        <p className="break-words text-muted-foreground">
          {user.username}
          {team && ` · ${team}`}
        </p>
      </div>
      <p className="basis-36">{ROLE_NAMES[user.role]}</p>
      <p className="basis-56 text-muted-foreground">
        {user.lastLoginAt === null ? 'Never signed in' : `Last in ${formatDateTime(user.lastLoginAt)}`}
      </p>
      <Menu
        trigger={
          <Button tone="ghost" size="icon" aria-label={`Actions for ${user.name}`} className="ml-auto">
            <Ellipsis aria-hidden="true" />
          </Button>
        }
      >
        <MenuItem icon={Pencil} onSelect={() => onOpen({ dialog: 'edit', user })}>
          Edit…
        </MenuItem>
        <MenuItem icon={KeyRound} onSelect={() => onOpen({ dialog: 'password', user })}>
          Reset password…
        </MenuItem>
        {may(actor, 'user:disable', { userId: user.userId }) && (
          <>
            <MenuSeparator />
            {user.disabled ? (
              <MenuItem icon={UserCheck} onSelect={() => enable.mutate({ params: { userId: user.userId } })}>
                Enable
              </MenuItem>
            ) : (
              <MenuItem icon={UserX} tone="danger" onSelect={() => onOpen({ dialog: 'disable', user })}>
                Disable…
              </MenuItem>
            )}
          </>
        )}
      </Menu>
    </li>
  );
}
