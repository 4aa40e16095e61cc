import { formatSessionCode } from '@guruconnect/shared';
import { useQueryClient } from '@tanstack/react-query';
import {
  Headset,
  KeyRound,
  LogOut,
  type LucideIcon,
  Monitor,
  MonitorSmartphone,
  Moon,
  PanelLeft,
  Plus,
  Settings,
  Sun,
} from 'lucide-react';
import { useNavigate } from 'react-router';
import { toast } from 'sonner';
import { useAppearance } from '../../lib/appearance-store.ts';
import { copyText } from '../../lib/copy-text.ts';
import { useSessionFeed } from '../../lib/session-feed-context.ts';
import { useApiMutation } from '../../lib/use-api.ts';
import { useSavePreferences } from '../../lib/use-save-preferences.ts';

export interface Command {
  readonly id: string;
  readonly label: string;
  /** Other words that find it. */
  readonly words: string;
  readonly icon: LucideIcon;
  readonly run: () => void;
}

/** Everything that the palette can do besides opening machines and sessions. */
export function useCommands(): readonly Command[] {
  const navigate = useNavigate();
  const save = useSavePreferences();
  const signOut = useSignOut();
  const generate = useGenerateCode();
  const sidebar = useAppearance((appearance) => appearance.sidebar);
  const to = (path: string) => () => void navigate(path);
  return [
    {
      id: 'access',
      label: 'Go to Access',
      words: 'machines computers unattended',
      icon: MonitorSmartphone,
      run: to('/app/access'),
    },
    {
      id: 'support',
      label: 'Go to Support',
      words: 'sessions codes attended',
      icon: Headset,
      run: to('/app/support'),
    },
    {
      id: 'settings',
      label: 'Go to Settings',
      words: 'preferences options',
      icon: Settings,
      run: to('/app/settings'),
    },
    {
      id: 'account',
      label: 'Go to my account',
      words: 'password logins profile',
      icon: KeyRound,
      run: to('/app/settings/account'),
    },
    { id: 'code', label: 'Generate a code', words: 'new session support', icon: Plus, run: generate },
    {
      id: 'online',
      label: 'Show machines that are online',
      words: 'access filter',
      icon: MonitorSmartphone,
      run: to('/app/access?q=is%3Aonline'),
    },
    {
      id: 'attention',
      label: 'Show machines flagged for attention',
      words: 'access filter',
      icon: MonitorSmartphone,
      run: to('/app/access?group=smart%3Aattention'),
    },
    {
      id: 'light',
      label: 'Light theme',
      words: 'appearance colours bright',
      icon: Sun,
      run: () => save({ theme: 'light' }),
    },
    {
      id: 'dark',
      label: 'Dark theme',
      words: 'appearance colours night',
      icon: Moon,
      run: () => save({ theme: 'dark' }),
    },
    {
      id: 'system',
      label: 'Theme of the system',
      words: 'appearance colours',
      icon: Monitor,
      run: () => save({ theme: 'system' }),
    },
    {
      id: 'sidebar',
      label: sidebar === 'collapsed' ? 'Expand the sidebar' : 'Collapse the sidebar',
      words: 'menu appearance',
      icon: PanelLeft,
      run: () => save({ sidebar: sidebar === 'collapsed' ? 'expanded' : 'collapsed' }),
    },
    { id: 'sign-out', label: 'Sign out', words: 'log off leave', icon: LogOut, run: signOut },
  ];
}

function useSignOut(): () => void {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { mutate } = useApiMutation('signOut', {
    onDone: () => {
      void navigate('/app/login', { replace: true });
      queries.clear();
    },
  });
  return () => mutate({});
}

function useGenerateCode(): () => void {
  const navigate = useNavigate();
  const feed = useSessionFeed();
  const { mutate } = useApiMutation('createSession', {
    onDone: (session) => {
      feed.put(session);
      void navigate('/app/support');
      if (!session.code) return;
      const code = formatSessionCode(session.code);
      toast.success(`The code is ${code}.`, {
        action: { label: 'Copy', onClick: () => void copyText(code) },
        duration: 15_000,
      });
    },
  });
  return () => mutate({ body: {} });
}
