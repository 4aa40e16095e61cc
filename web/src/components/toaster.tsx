import { Toaster as Sonner } from 'sonner';
import { useAppearance } from '../lib/appearance-store.ts';

/** Where short notes about what just happened appear. */
export function Toaster() {
  const theme = useAppearance((appearance) => appearance.theme);
  return <Sonner theme={theme} position="bottom-right" closeButton />;
}
