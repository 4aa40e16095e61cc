import * as z from 'zod/mini';
import { NewPassword, TypedPassword, Username } from '../auth/password.ts';
import { DisplayName, OpaqueToken } from '../ids.ts';
import { Preferences } from '../settings.ts';
import type { ApiRoute } from './api-route.ts';
import { LoginView, Me } from './models.ts';

const Done = z.object({});

/** First-run set-up, signing in and out, and what people change about themselves. */
export const accountRoutes = {
  /** Exists only while there is no admin; the token is printed on the server's console. */
  setUp: {
    method: 'POST',
    path: '/setup',
    summary: 'Create the first administrator',
    tag: 'Setup',
    auth: 'none',
    permission: null,
    body: z.object({
      token: OpaqueToken,
      companyName: DisplayName,
      name: DisplayName,
      username: Username,
      password: NewPassword,
    }),
    reply: Me,
  },
  signIn: {
    method: 'POST',
    path: '/auth/login',
    summary: 'Sign in; sets the login cookie',
    tag: 'Account',
    auth: 'none',
    permission: null,
    body: z.object({ username: Username, password: TypedPassword }),
    reply: Me,
  },
  signOut: {
    method: 'POST',
    path: '/auth/logout',
    summary: 'Sign this browser out',
    tag: 'Account',
    auth: 'login',
    permission: null,
    reply: Done,
  },
  signOutEverywhere: {
    method: 'POST',
    path: '/auth/logout-everywhere',
    summary: 'Sign every browser of mine out, this one too',
    tag: 'Account',
    auth: 'login',
    permission: null,
    reply: Done,
  },
  me: {
    method: 'GET',
    path: '/auth/me',
    summary: 'Who is signed in',
    tag: 'Account',
    auth: 'login',
    permission: null,
    reply: Me,
  },
  changePassword: {
    method: 'POST',
    path: '/auth/password',
    summary: 'Change my password; signs my other browsers out',
    tag: 'Account',
    auth: 'login',
    permission: null,
    body: z.object({ current: TypedPassword, next: NewPassword }),
    reply: Done,
  },
  changePreferences: {
    method: 'PATCH',
    path: '/auth/preferences',
    summary: 'Change my preferences',
    tag: 'Account',
    auth: 'login',
    permission: null,
    body: z.partial(Preferences),
    reply: Preferences,
  },
  listLogins: {
    method: 'GET',
    path: '/auth/logins',
    summary: 'My signed-in browsers',
    tag: 'Account',
    auth: 'login',
    permission: null,
    reply: z.object({ logins: z.array(LoginView) }),
  },
  endLogin: {
    method: 'DELETE',
    path: '/auth/logins/{loginId}',
    summary: 'Sign one of my browsers out',
    tag: 'Account',
    auth: 'login',
    permission: null,
    reply: Done,
  },
  createLaunchTicket: {
    method: 'POST',
    path: '/auth/launch-tickets',
    summary: 'Make a link that signs me in once, within a minute, from this computer only',
    tag: 'Account',
    auth: 'login',
    permission: null,
    body: z.object({ path: z.string().check(z.regex(/^\/[A-Za-z0-9/_-]{0,200}$/)) }),
    reply: z.object({ url: z.string() }),
  },
} as const satisfies Record<string, ApiRoute>;
