/**
 * The smart groups (A2), defined here and nowhere else: each is a query in the language of the search field. The
 * server's counts, its lists and the sidebar are all made from these rows.
 */
export const SMART_GROUPS = [
  { id: 'attention', title: 'Attention', query: 'is:flagged' },
  { id: 'host-connected', title: 'Host connected', query: 'is:hosted' },
  { id: 'guest-connected', title: 'Guest connected', query: 'is:guested' },
  { id: 'recently-accessed', title: 'Recently accessed', query: 'accessed<24h' },
  { id: 'offline-30-days', title: 'Offline for 30 days', query: 'offline>30d' },
  { id: 'offline-1-year', title: 'Offline for a year', query: 'offline>1y' },
  { id: 'outdated', title: 'Outdated agents', query: 'is:outdated' },
  { id: 'powered-on', title: 'Powered on in the last 10 minutes', query: 'booted<10m' },
] as const satisfies readonly { id: string; title: string; query: string }[];

export type SmartGroupId = (typeof SMART_GROUPS)[number]['id'];
