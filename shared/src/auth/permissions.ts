import type { CompanyAccess } from '../machines/company.ts';
import type { Role, Visibility } from './roles.ts';

/** A signed-in technician, as the permission function sees one. */
export interface Actor {
  readonly userId: string;
  readonly role: Role;
  readonly teamId: string | null;
}

/** What of a company decides who reaches its machines (S4, A8). */
export interface CompanyTarget {
  readonly access: CompanyAccess;
  readonly assignedUserIds: readonly string[];
  readonly assignedTeamIds: readonly string[];
}

/** What of a session decides who may do what with it. */
export interface SessionTarget {
  /** null while nobody owns it: a first-come session, or one whose code the portal issued. */
  readonly ownerId: string | null;
  readonly ownerTeamId: string | null;
  readonly visibility: Visibility;
  /** Whether it may be claimed by choosing it in the list (`list`) or only by typing its code (`code`). */
  readonly claimBy: 'list' | 'code';
  /** The company of the machine it is on; null for attended sessions, which are on no machine of ours. */
  readonly company: CompanyTarget | null;
  /** Whom it is offered to: they see it, to be able to answer. */
  readonly offeredTo?: string | null;
  /** Who handed it over and has not left yet: they look on. */
  readonly handedOverBy?: string | null;
}

export interface FilterTarget {
  readonly ownerId: string;
  readonly ownerTeamId: string | null;
  readonly shared: 'none' | 'team' | 'company';
}

export interface UserTarget {
  readonly userId: string;
}

/** Every action somebody can ask for, with the target it is asked on. */
export interface ActionTargets {
  'session:create': null;
  /** Give a new session to another technician, or to whoever comes first. */
  'session:assign': null;
  /** Make a session that asks nobody for consent: only for machines without a person. */
  'session:waive-consent': null;
  'session:see': SessionTarget;
  /** Watch the picture without control. */
  'session:view': SessionTarget;
  /** Join with control. */
  'session:control': SessionTarget;
  'session:claim': SessionTarget;
  /** Admit or refuse a waiting agent or guest. */
  'session:admit': SessionTarget;
  'session:cancel': SessionTarget;
  'session:end': SessionTarget;
  'session:change': SessionTarget;
  /** Offer it to another technician. */
  'session:transfer': SessionTarget;
  'machine:see': CompanyTarget;
  'machine:connect': CompanyTarget;
  'machine:wake': CompanyTarget;
  /** Restart it, also into Safe Mode. */
  'machine:command': CompanyTarget;
  /** Name, tags, notes, flags, custom properties. */
  'machine:edit': CompanyTarget;
  /** Into another company or site; asked on both companies. */
  'machine:move': CompanyTarget;
  /** Remove, and bring back. */
  'machine:remove': CompanyTarget;
  'company:see': CompanyTarget;
  'company:create': null;
  'company:change': null;
  'site:change': CompanyTarget;
  'installer:list': CompanyTarget;
  'installer:create': CompanyTarget;
  'installer:revoke': CompanyTarget;
  'filter:see': FilterTarget;
  'filter:change': FilterTarget;
  /** Share a filter with everybody; sharing with one's own team needs nothing. */
  'filter:share': null;
  'user:list': null;
  'user:create': null;
  'user:change': UserTarget;
  'user:disable': UserTarget;
  'team:list': null;
  'team:change': null;
  'settings:read': null;
  'settings:change': null;
  'audit:read': null;
  'account:change': UserTarget;
}

export type Action = keyof ActionTargets;

type Rule<A extends Action> = (actor: Actor, target: ActionTargets[A]) => boolean;

type SessionRule = (actor: Actor, session: SessionTarget) => boolean;

const anyone = () => true;
const adminOnly = (actor: Actor) => actor.role === 'admin';
const owns = (actor: Actor, session: SessionTarget) => session.ownerId === actor.userId;
const unclaimed = (session: SessionTarget) => session.ownerId === null && session.claimBy === 'list';

const notTechnician = (actor: Actor) => actor.role !== 'technician';

/** Whether the actor reaches a company's machines at all: everything about them is hidden otherwise. */
export function isInScope(actor: Actor, company: CompanyTarget): boolean {
  if (company.access === 'everyone' || notTechnician(actor)) return true;
  if (company.assignedUserIds.includes(actor.userId)) return true;
  return actor.teamId !== null && company.assignedTeamIds.includes(actor.teamId);
}

/** No rule about a session holds where its machine is out of the actor's scope, not even for its owner. */
const inScope =
  (rule: SessionRule): SessionRule =>
  (actor, session) =>
    (session.company === null || isInScope(actor, session.company)) && rule(actor, session);

const ofSenior = (actor: Actor, company: CompanyTarget) => notTechnician(actor) && isInScope(actor, company);

/** Whether a session that somebody else owns is shown to the actor at all. */
function isShownTo(actor: Actor, session: SessionTarget): boolean {
  if (session.visibility === 'private') return false;
  if (session.ownerId === null && session.claimBy === 'code') return false;
  if (session.visibility === 'company') return true;
  return isSameTeam(actor, session) || actor.role === 'senior';
}

const isOfferedTo: SessionRule = (actor, session) => session.offeredTo === actor.userId;
const stillLooksOn: SessionRule = (actor, session) => session.handedOverBy === actor.userId;

function isSameTeam(actor: Actor, session: SessionTarget): boolean {
  return session.ownerTeamId !== null && session.ownerTeamId === actor.teamId;
}

const ownsOrAdmin: SessionRule = (actor, session) => adminOnly(actor) || owns(actor, session);
const ownsOrLeads: SessionRule = (actor, session) =>
  adminOnly(actor) ||
  owns(actor, session) ||
  (actor.role === 'senior' && isSameTeam(actor, session) && isShownTo(actor, session));

const RULES: { [A in Action]: Rule<A> } = {
  'session:create': anyone,
  'session:assign': (actor) => actor.role !== 'technician',
  'session:waive-consent': adminOnly,
  'session:see': inScope(
    (actor, session) =>
      adminOnly(actor) ||
      owns(actor, session) ||
      isShownTo(actor, session) ||
      isOfferedTo(actor, session) ||
      stillLooksOn(actor, session),
  ),
  'session:view': inScope(
    (actor, session) =>
      adminOnly(actor) ||
      owns(actor, session) ||
      (session.ownerId !== null && isShownTo(actor, session)) ||
      stillLooksOn(actor, session),
  ),
  'session:control': inScope(ownsOrLeads),
  'session:claim': inScope(
    (actor, session) => unclaimed(session) && (adminOnly(actor) || isShownTo(actor, session)),
  ),
  'session:admit': inScope(ownsOrAdmin),
  'session:cancel': inScope(ownsOrAdmin),
  'session:end': inScope(ownsOrLeads),
  'session:change': inScope(ownsOrAdmin),
  'session:transfer': inScope(ownsOrLeads),
  'machine:see': isInScope,
  'machine:connect': isInScope,
  'machine:wake': isInScope,
  'machine:command': isInScope,
  'machine:edit': isInScope,
  'machine:move': ofSenior,
  'machine:remove': ofSenior,
  'company:see': isInScope,
  'company:create': adminOnly,
  'company:change': adminOnly,
  'site:change': ofSenior,
  'installer:list': ofSenior,
  'installer:create': ofSenior,
  'installer:revoke': ofSenior,
  'filter:see': (actor, filter) =>
    filter.ownerId === actor.userId ||
    filter.shared === 'company' ||
    (filter.shared === 'team' && filter.ownerTeamId !== null && filter.ownerTeamId === actor.teamId),
  'filter:change': (actor, filter) =>
    filter.ownerId === actor.userId || (adminOnly(actor) && filter.shared !== 'none'),
  'filter:share': notTechnician,
  'user:list': anyone,
  'user:create': adminOnly,
  'user:change': adminOnly,
  // Nobody locks themselves out by mistake.
  'user:disable': (actor, user) => adminOnly(actor) && actor.userId !== user.userId,
  'team:list': anyone,
  'team:change': adminOnly,
  'settings:read': adminOnly,
  'settings:change': adminOnly,
  'audit:read': adminOnly,
  'account:change': (actor, user) => actor.userId === user.userId,
};

/**
 * The one place that decides permissions (R2). Asked by the server on every route and event;
 * the web asks it too, but only to hide what would be refused.
 */
export function may<A extends Action>(actor: Actor, action: A, target: ActionTargets[A]): boolean {
  return RULES[action](actor, target);
}
