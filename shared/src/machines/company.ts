import * as z from 'zod/mini';
import { DisplayName, Id, Timestamp } from '../ids.ts';

/** Whether the person at a machine is asked before an unattended session shows the screen. */
export const ConsentPolicy = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('never') }),
  /** Asked; when nobody answers in time, `otherwise` counts. Nobody logged on: as if nobody answered. */
  z.object({
    kind: z.literal('ask'),
    timeoutSeconds: z.int().check(z.gte(5), z.lte(600)),
    otherwise: z.enum(['allow', 'refuse']),
  }),
  /** Asked, for as long as it takes. */
  z.object({ kind: z.literal('always') }),
]);
export type ConsentPolicy = z.infer<typeof ConsentPolicy>;
export const DEFAULT_CONSENT_POLICY: ConsentPolicy = { kind: 'ask', timeoutSeconds: 30, otherwise: 'allow' };

/** Which technicians reach a company's machines: all, or those assigned by name or by team. Seniors and admins always. */
export const CompanyAccess = z.enum(['everyone', 'assigned']);
export type CompanyAccess = z.infer<typeof CompanyAccess>;

export const SiteView = z.object({ siteId: Id, companyId: Id, name: DisplayName, machines: z.int() });
export type SiteView = z.infer<typeof SiteView>;

export const CompanyView = z.object({
  companyId: Id,
  name: DisplayName,
  access: CompanyAccess,
  assignedUserIds: z.array(Id),
  assignedTeamIds: z.array(Id),
  consent: ConsentPolicy,
  machines: z.int(),
  sites: z.array(SiteView),
  createdAt: Timestamp,
});
export type CompanyView = z.infer<typeof CompanyView>;
