import { useEffect } from 'react';

/** A session has a page of its own, outside the dashboard: leaves for it. */
export function OpenSession() {
  useEffect(() => window.location.reload(), []);
  return null;
}
