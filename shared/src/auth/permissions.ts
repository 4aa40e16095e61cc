import type { Role, Visibility } from './roles.ts';

/** A signed-in technician, as the permission function sees one. */
export interface Actor {
  readonly userId: string;
  readonly role: Role;
  readonly teamId: string | null;
}

/** What of a session decides who may do what with it. */
export interface SessionTarget {
  /** null while nobody owns it: a first-come session, or one whose code the portal issued. */
  readonly ownerId: string | null;
  readonly ownerTeamId: string | null;
  readonly visibility: Visibility;
  /** Whether it may be claimed by choosing it in the list (`list`) or only by typing its code (`code`). */
  readonly claimBy: 'list' | 'code';
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

const anyone = () => true;
const adminOnly = (actor: Actor) => actor.role === 'admin';
const owns = (actor: Actor, session: SessionTarget) => session.ownerId === actor.userId;
const unclaimed = (session: SessionTarget) => session.ownerId === null && session.claimBy === 'list';

/** Whether a session that somebody else owns is shown to the actor at all. */
function isShownTo(actor: Actor, session: SessionTarget): boolean {
  if (session.visibility === 'private') return false;
  if (session.ownerId === null && session.claimBy === 'code') return false;
  if (session.visibility === 'company') return true;
  return isSameTeam(actor, session) || actor.role === 'senior';
}

function isSameTeam(actor: Actor, session: SessionTarget): boolean {
  return session.ownerTeamId !== null && session.ownerTeamId === actor.teamId;
}

const RULES: { [A in Action]: Rule<A> } = {
  'session:create': anyone,
  'session:assign': (actor) => actor.role !== 'technician',
  'session:waive-consent': adminOnly,
  'session:see': (actor, session) => adminOnly(actor) || owns(actor, session) || isShownTo(actor, session),
  'session:view': (actor, session) =>
    adminOnly(actor) || owns(actor, session) || (session.ownerId !== null && isShownTo(actor, session)),
  'session:control': (actor, session) =>
    adminOnly(actor) ||
    owns(actor, session) ||
    (actor.role === 'senior' && isSameTeam(actor, session) && isShownTo(actor, session)),
  'session:claim': (actor, session) => unclaimed(session) && (adminOnly(actor) || isShownTo(actor, session)),
  'session:admit': (actor, session) => adminOnly(actor) || owns(actor, session),
  'session:cancel': (actor, session) => adminOnly(actor) || owns(actor, session),
  'session:end': (actor, session) =>
    adminOnly(actor) ||
    owns(actor, session) ||
    (actor.role === 'senior' && isSameTeam(actor, session) && isShownTo(actor, session)),
  'session:change': (actor, session) => adminOnly(actor) || owns(actor, session),
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
