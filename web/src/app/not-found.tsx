import { Compass } from 'lucide-react';
import { Link } from 'react-router';
import { buttonStyles } from '../components/button-styles.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { paths } from './paths.ts';

export function NotFound() {
  return (
    <EmptyState
      icon={Compass}
      title="There is no such page"
      action={
        <Link to={paths.home} className={buttonStyles()}>
          Back to the dashboard
        </Link>
      }
    />
  );
}
