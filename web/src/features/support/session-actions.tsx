import { formatSessionCode, may, type SessionView } from '@guruconnect/shared';
import {
  ArrowRightLeft,
  Ban,
  CircleStop,
  Copy,
  Ellipsis,
  Eye,
  Hand,
  Link as LinkIcon,
  MousePointerClick,
  Pencil,
} from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { toast } from 'sonner';
import { Button } from '../../components/button.tsx';
import { buttonStyles } from '../../components/button-styles.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { Menu, MenuItem } from '../../components/menu.tsx';
import { TransferDialog } from '../../components/transfer-dialog.tsx';
import { useApi } from '../../lib/api-context.ts';
import { copyText } from '../../lib/copy-text.ts';
import { useActor } from '../../lib/me-context.ts';
import { useSessionLinkClick } from '../../lib/open-session-context.ts';
import { useSessionFeed } from '../../lib/session-feed-context.ts';
import { titleOf } from '../../lib/session-status.ts';
import { useApiMutation } from '../../lib/use-api.ts';
import { EndSessionDialog, isUnusedCode } from './end-session-dialog.tsx';
import { joinLink } from './join-link.ts';
import { RenameDialog } from './rename-dialog.tsx';

/** What the person may do with a session, as the server said in its rights. */
export function SessionActions({ session }: { session: SessionView }) {
  const { rights, lifecycle, endpoint, code } = session;
  const [dialog, setDialog] = useState<'end' | 'rename' | 'transfer'>();
  const isWaiting = isUnusedCode(session);
  const mayStop = isWaiting ? rights.cancel : rights.end;
  const isJoinable = lifecycle.phase === 'open' && endpoint.kind !== 'none';
  return (
    <div className="flex flex-wrap items-center gap-2">
      {rights.claim && <ClaimButton session={session} />}
      {rights.control && isJoinable && <JoinLink session={session} />}
      {rights.view && isJoinable && (
        <SessionTab session={session} mode="view">
          <Eye aria-hidden="true" /> View
        </SessionTab>
      )}
      {code && isWaiting && (
        <CopyButton
          size="small"
          text={formatSessionCode(code)}
          aria-label={`Copy the code of ${titleOf(session)}`}
        >
          Copy code
        </CopyButton>
      )}
      {mayStop && (
        <Button
          size="small"
          tone="dangerGhost"
          aria-label={`${isWaiting ? 'Cancel' : 'End'} ${titleOf(session)}`}
          onClick={() => setDialog('end')}
        >
          {isWaiting ? <Ban aria-hidden="true" /> : <CircleStop aria-hidden="true" />}
          {isWaiting ? 'Cancel' : 'End'}
        </Button>
      )}
      <MoreMenu
        session={session}
        onRename={() => setDialog('rename')}
        onTransfer={() => setDialog('transfer')}
      />
      <EndSessionDialog
        session={session}
        open={dialog === 'end'}
        onOpenChange={(open) => setDialog(open ? 'end' : undefined)}
      />
      {dialog === 'transfer' && <Transfer session={session} onClose={() => setDialog(undefined)} />}
      <RenameDialog
        session={session}
        open={dialog === 'rename'}
        onOpenChange={(open) => setDialog(open ? 'rename' : undefined)}
      />
    </div>
  );
}

/** Opens the viewer with control: in this tab, or in one of its own with Ctrl or the middle button (S5). */
export function JoinLink({ session }: { session: SessionView }) {
  return (
    <SessionTab session={session} mode="control">
      <MousePointerClick aria-hidden="true" /> Join
    </SessionTab>
  );
}

function SessionTab(props: { session: SessionView; mode: 'control' | 'view'; children: ReactNode }) {
  const { session, mode } = props;
  const onClick = useSessionLinkClick(session.id, mode);
  return (
    <a
      href={`/app/session/${session.id}${mode === 'view' ? '?mode=view' : ''}`}
      onClick={onClick}
      aria-label={`${mode === 'view' ? 'View' : 'Join'} ${titleOf(session)}`}
      className={buttonStyles({ tone: mode === 'view' ? 'secondary' : 'primary', size: 'small' })}
    >
      {props.children}
    </a>
  );
}

function ClaimButton({ session }: { session: SessionView }) {
  const feed = useSessionFeed();
  const claim = useApiMutation('claimSession', { onDone: feed.put, said: 'The session is yours.' });
  return (
    <Button
      tone="primary"
      size="small"
      busy={claim.isPending}
      onClick={() => claim.mutate({ params: { sessionId: session.id } })}
    >
      {!claim.isPending && <Hand aria-hidden="true" />} Claim
    </Button>
  );
}

/** Offers the session to another technician without joining it. */
function Transfer({ session, onClose }: { session: SessionView; onClose: () => void }) {
  const api = useApi();
  const feed = useSessionFeed();
  const params = { sessionId: session.id };
  return (
    <TransferDialog
      loadChoices={async () => (await api.call('transferChoices', { params })).technicians}
      offer={async (to, note) =>
        feed.put(await api.call('offerTransfer', { params, body: { to, ...(note ? { note } : {}) } }))
      }
      onClose={onClose}
    />
  );
}

function MoreMenu(props: { session: SessionView; onRename: () => void; onTransfer: () => void }) {
  const { session, onRename, onTransfer } = props;
  const { code } = session;
  const mayChange = useMayChange(session);
  const mayTransfer = session.rights.transfer && session.lifecycle.phase === 'open' && !session.transfer;
  if (!code && !mayChange && !mayTransfer) return null;
  return (
    <Menu
      trigger={
        <Button tone="ghost" size="icon" aria-label={`More actions for ${titleOf(session)}`}>
          <Ellipsis aria-hidden="true" />
        </Button>
      }
    >
      {code && (
        <>
          <MenuItem icon={Copy} onSelect={() => void copy(formatSessionCode(code), 'Code copied.')}>
            Copy code
          </MenuItem>
          <MenuItem icon={LinkIcon} onSelect={() => void copy(joinLink(code), 'Link copied.')}>
            Copy link
          </MenuItem>
        </>
      )}
      {mayTransfer && (
        <MenuItem icon={ArrowRightLeft} onSelect={onTransfer}>
          Transfer…
        </MenuItem>
      )}
      {mayChange && (
        <MenuItem icon={Pencil} onSelect={onRename}>
          Name and visibility…
        </MenuItem>
      )}
    </Menu>
  );
}

function useMayChange(session: SessionView): boolean {
  const actor = useActor();
  return may(actor, 'session:change', {
    ownerId: session.owner?.userId ?? null,
    ownerTeamId: session.owner?.teamId ?? null,
    visibility: session.visibility,
    claimBy: session.origin === 'portal' ? 'code' : 'list',
    // Sessions out of scope are not shown at all.
    company: null,
  });
}

async function copy(text: string, said: string): Promise<void> {
  if (await copyText(text)) toast.success(said);
  else toast.error('Copying was not possible in this browser.');
}
