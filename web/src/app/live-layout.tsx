import { useEffect, useState } from 'react';
import { Outlet, useLocation, useMatch, useNavigate } from 'react-router';
import { FlaggedWatch } from '../features/machine/flagged-watch.tsx';
import { OfferCards } from '../features/support/offer-cards.tsx';
import { RequestWatch } from '../features/support/request-watch.tsx';
import { useSessionFeed } from '../lib/session-feed-context.ts';
import { paths } from './paths.ts';
import { useOpenSession } from './use-open-session.ts';

/** A connection that is being made comes first: the list of sessions waits for so long. */
const AFTER_CONNECTING_MS = 3_000;

/** Around every page behind the sign-in, sessions too: follows the sessions, and shows those that are offered to me. */
export function LiveLayout() {
  const feed = useSessionFeed();
  const navigate = useNavigate();
  const shown = useMatch(`${paths.home}/session/:sessionId`);
  const { pathname } = useLocation();
  const [isFollowing, setFollowing] = useState(false);
  const delayMs = pathname.startsWith('/connect') ? AFTER_CONNECTING_MS : 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the first page matters
  useEffect(() => {
    const timer = setTimeout(() => setFollowing(true), delayMs);
    return () => clearTimeout(timer);
  }, []);
  const openMachine = (machineId: string) => void navigate(`${paths.access}/${machineId}`);
  useEffect(() => (isFollowing ? feed.start() : undefined), [feed, isFollowing]);
  return (
    <>
      <Outlet />
      <OfferCards open={useOpenSession()} openSessionId={shown?.params.sessionId} />
      {isFollowing && <FlaggedWatch onOpen={openMachine} />}
      {isFollowing && <RequestWatch onOpen={openMachine} />}
    </>
  );
}
