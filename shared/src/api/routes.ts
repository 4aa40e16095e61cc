import type * as z from 'zod/mini';
import { accountRoutes } from './account-routes.ts';
import { adminRoutes } from './admin-routes.ts';
import type { ApiRoute } from './api-route.ts';
import { commandRoutes } from './command-routes.ts';
import { companyRoutes } from './company-routes.ts';
import { enrolmentRoutes } from './enrolment-routes.ts';
import { exchangeRoutes } from './exchange-routes.ts';
import { machineRoutes } from './machine-routes.ts';
import { portalRoutes } from './portal-routes.ts';
import { releaseRoutes } from './release-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import { thumbnailRoutes } from './thumbnail-routes.ts';

/** Every route under `API_BASE`, by name. */
export const apiRoutes = {
  ...accountRoutes,
  ...portalRoutes,
  ...exchangeRoutes,
  ...sessionRoutes,
  ...machineRoutes,
  ...thumbnailRoutes,
  ...companyRoutes,
  ...enrolmentRoutes,
  ...releaseRoutes,
  ...commandRoutes,
  ...adminRoutes,
} as const satisfies Record<string, ApiRoute>;

export type ApiName = keyof typeof apiRoutes;
type Route<N extends ApiName> = (typeof apiRoutes)[N];
export type ApiBody<N extends ApiName> =
  Route<N> extends { body: infer B extends z.ZodMiniType }
    ? z.infer<B>
    : Route<N> extends { file: object }
      ? Uint8Array<ArrayBuffer>
      : undefined;
export type ApiQuery<N extends ApiName> =
  Route<N> extends { query: infer Q extends z.ZodMiniType } ? z.infer<Q> : undefined;
export type ApiReply<N extends ApiName> = z.infer<Route<N>['reply']>;

type ParamNames<P extends string> = P extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamNames<Rest>
  : never;
export type ApiParams<N extends ApiName> = { [K in ParamNames<Route<N>['path']>]: string };
