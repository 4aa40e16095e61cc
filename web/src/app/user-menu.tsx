import { useQueryClient } from '@tanstack/react-query';
import { ChevronsUpDown, LogOut, Monitor, Moon, Sun, UserRound } from 'lucide-react';
import { useNavigate } from 'react-router';
import { Menu, MenuItem, MenuSeparator } from '../components/menu.tsx';
import { cn } from '../lib/class-names.ts';
import { useMe } from '../lib/me-context.ts';
import { ROLE_NAMES } from '../lib/role-names.ts';
import { useApiMutation } from '../lib/use-api.ts';
import { useSavePreferences } from '../lib/use-save-preferences.ts';
import { paths } from './paths.ts';

/** Who is signed in; theme, account, sign out. */
export function UserMenu({ isCollapsed }: { isCollapsed: boolean }) {
  const me = useMe();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const save = useSavePreferences();
  const signOut = useApiMutation('signOut', {
    onDone: () => {
      void navigate(paths.login, { replace: true });
      queries.clear();
    },
  });
  return (
    <Menu
      side="top"
      align="start"
      trigger={
        <button
          type="button"
          aria-label={`Account of ${me.name}`}
          className={cn(
            'flex w-full items-center gap-2.5 rounded-lg p-1.5 text-left text-sm hover:bg-muted',
            isCollapsed && 'justify-center',
          )}
        >
          <span className="grid size-8 shrink-0 place-items-center rounded-full bg-accent font-semibold text-accent-foreground text-xs">
            {initialsOf(me.name)}
          </span>
          {!isCollapsed && (
            <>
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{me.name}</span>
                <span className="block truncate text-muted-foreground text-xs">{ROLE_NAMES[me.role]}</span>
              </span>
              <ChevronsUpDown aria-hidden="true" className="size-4 text-muted-foreground" />
            </>
          )}
        </button>
      }
    >
      <MenuItem icon={UserRound} onSelect={() => void navigate(`${paths.settings}/account`)}>
        My account
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={Sun} onSelect={() => save({ theme: 'light' })}>
        Light theme
      </MenuItem>
      <MenuItem icon={Moon} onSelect={() => save({ theme: 'dark' })}>
        Dark theme
      </MenuItem>
      <MenuItem icon={Monitor} onSelect={() => save({ theme: 'system' })}>
        System theme
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={LogOut} onSelect={() => signOut.mutate({})}>
        Sign out
      </MenuItem>
    </Menu>
  );
}

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase();
}
