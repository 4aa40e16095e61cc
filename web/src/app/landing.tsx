import { Navigate } from 'react-router';
import { useMe } from '../lib/me-context.ts';
import { paths } from './paths.ts';

/** `/app` itself shows the tab that the person chose. */
export function Landing() {
  const { landingTab } = useMe().preferences;
  return <Navigate to={paths[landingTab]} replace />;
}
