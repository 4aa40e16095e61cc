import { useCallback, useMemo, useRef } from 'react';
import { useLocation, useNavigate, useParams } from 'react-router';
import { type AccessView, addressOf, readView } from './access-address.ts';

export const ACCESS_PATH = '/app/access';

/** Changes the address: a step in the history, or, with `replace`, the same step. */
export type ChangeView = (change: Partial<AccessView>, options?: { replace?: boolean }) => void;

/** What the address says is shown, and a function that changes it. */
export function useAccessView(): {
  view: AccessView;
  change: ChangeView;
  linkTo: (change: Partial<AccessView>) => string;
} {
  const { machineId } = useParams();
  const { search } = useLocation();
  const navigate = useNavigate();
  const view = useMemo(() => readView(new URLSearchParams(search), machineId), [search, machineId]);
  const newest = useRef(view);
  newest.current = view;
  const linkTo = useCallback(
    (change: Partial<AccessView>) => addressOf(ACCESS_PATH, { ...newest.current, ...change }),
    [],
  );
  const change = useCallback<ChangeView>(
    (wanted, options) => void navigate(linkTo(wanted), { replace: options?.replace ?? false }),
    [navigate, linkTo],
  );
  return { view, change, linkTo };
}
