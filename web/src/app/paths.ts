/** Every address of the dashboard. */
export const paths = {
  home: '/app',
  login: '/app/login',
  setUp: '/setup',
  support: '/app/support',
  access: '/app/access',
  build: '/app/build',
  settings: '/app/settings',
  session: (sessionId: string, mode: 'control' | 'view' = 'control') =>
    `/app/session/${sessionId}${mode === 'view' ? '?mode=view' : ''}`,
} as const;
