import { describe, expect, it } from 'vitest';
import {
  type Action,
  type ActionTargets,
  type Actor,
  type CompanyTarget,
  may,
  type SessionTarget,
} from './permissions.ts';
import type { Role, Visibility } from './roles.ts';

const ME = 'me';
const MATE = 'somebody of my team';
const STRANGER = 'somebody of another team';

type SessionAction = {
  [A in Action]: ActionTargets[A] extends SessionTarget ? A : never;
}[Action];

const SESSION_ACTIONS: SessionAction[] = [
  'session:see',
  'session:view',
  'session:control',
  'session:claim',
  'session:admit',
  'session:cancel',
  'session:end',
  'session:change',
  'session:transfer',
];

/** Short for what is allowed: See View Control cLaim Admit canCel(K) End cHange Transfer, in the order above. */
const LETTERS = 'SVCLAKEHT';

type Relation = 'own' | 'team mate' | 'other team' | 'no team' | 'unclaimed (list)' | 'unclaimed (code)';

function target(relation: Relation, visibility: Visibility): SessionTarget {
  const owners: Record<Relation, [string | null, string | null, 'list' | 'code']> = {
    own: [ME, 'red', 'list'],
    'team mate': [MATE, 'red', 'list'],
    'other team': [STRANGER, 'blue', 'list'],
    'no team': [STRANGER, null, 'list'],
    'unclaimed (list)': [null, 'red', 'list'],
    'unclaimed (code)': [null, null, 'code'],
  };
  const [ownerId, ownerTeamId, claimBy] = owners[relation];
  return { ownerId, ownerTeamId, visibility, claimBy, company: null };
}

const ALL = 'SVC-AKEHT';
const SEEN = 'SV-------';
const NOTHING = '---------';
const CLAIMABLE = 'S--L-----';

/** Role, relation and visibility (private, team, company) to what is allowed. */
const MATRIX: [Role, Relation, string, string, string][] = [
  ['technician', 'own', ALL, ALL, ALL],
  ['technician', 'team mate', NOTHING, SEEN, SEEN],
  ['technician', 'other team', NOTHING, NOTHING, SEEN],
  ['technician', 'no team', NOTHING, NOTHING, SEEN],
  ['technician', 'unclaimed (list)', NOTHING, CLAIMABLE, CLAIMABLE],
  ['technician', 'unclaimed (code)', NOTHING, NOTHING, NOTHING],
  ['senior', 'own', ALL, ALL, ALL],
  ['senior', 'team mate', NOTHING, 'SVC---E-T', 'SVC---E-T'],
  ['senior', 'other team', NOTHING, SEEN, SEEN],
  ['senior', 'no team', NOTHING, SEEN, SEEN],
  ['senior', 'unclaimed (list)', NOTHING, 'S-CL--E-T', 'S-CL--E-T'],
  ['senior', 'unclaimed (code)', NOTHING, NOTHING, NOTHING],
  ['admin', 'own', ALL, ALL, ALL],
  ['admin', 'team mate', ALL, ALL, ALL],
  ['admin', 'other team', ALL, ALL, ALL],
  ['admin', 'no team', ALL, ALL, ALL],
  ['admin', 'unclaimed (list)', 'SVCLAKEHT', 'SVCLAKEHT', 'SVCLAKEHT'],
  ['admin', 'unclaimed (code)', ALL, ALL, ALL],
];

function allowed(actor: Actor, session: SessionTarget): string {
  return SESSION_ACTIONS.map((action, i) => (may(actor, action, session) ? LETTERS[i] : '-')).join('');
}

describe('what a role may do with a session', () => {
  it.each(MATRIX)('%s, %s: private %s, team %s, company %s', (role, relation, ...expected) => {
    const actor: Actor = { userId: ME, role, teamId: 'red' };
    const visibilities: Visibility[] = ['private', 'team', 'company'];
    expect(visibilities.map((visibility) => allowed(actor, target(relation, visibility)))).toEqual(expected);
  });

  it('takes two people without a team for no team', () => {
    const actor: Actor = { userId: ME, role: 'technician', teamId: null };
    expect(allowed(actor, target('no team', 'team'))).toBe(NOTHING);
  });

  it('shows a session to whom it is offered, and lets whoever handed it over look on', () => {
    const actor: Actor = { userId: ME, role: 'technician', teamId: 'red' };
    const theirs = target('other team', 'private');
    expect(allowed(actor, { ...theirs, offeredTo: ME })).toBe('S--------');
    expect(allowed(actor, { ...theirs, handedOverBy: ME })).toBe(SEEN);
    expect(allowed(actor, { ...theirs, offeredTo: MATE, handedOverBy: STRANGER })).toBe(NOTHING);
  });
});

describe('what a role may do with a session on a machine', () => {
  const reachedBy = (userIds: string[], teamIds: string[]): CompanyTarget => ({
    access: 'assigned',
    assignedUserIds: userIds,
    assignedTeamIds: teamIds,
  });
  const technician: Actor = { userId: ME, role: 'technician', teamId: 'red' };

  it.each(MATRIX)('%s, %s: the same as anywhere where they reach its company', (role, relation) => {
    const actor: Actor = { userId: ME, role, teamId: 'red' };
    for (const company of [
      { access: 'everyone', assignedUserIds: [], assignedTeamIds: [] } as const,
      reachedBy([ME], []),
      reachedBy([], ['red']),
    ]) {
      const session = target(relation, 'company');
      expect(allowed(actor, { ...session, company })).toBe(allowed(actor, session));
    }
  });

  it.each(MATRIX.filter(([role]) => role === 'technician'))('%s, %s: nothing out of scope', (_, relation) => {
    for (const visibility of ['private', 'team', 'company'] as const) {
      const session = { ...target(relation, visibility), offeredTo: ME, handedOverBy: ME };
      expect(allowed(technician, { ...session, company: reachedBy([MATE], ['blue']) })).toBe(NOTHING);
    }
  });
});

describe('what a role may do with the machines of a company', () => {
  const COMPANIES: [string, CompanyTarget, technician: boolean][] = [
    ['open to everybody', { access: 'everyone', assignedUserIds: [], assignedTeamIds: [] }, true],
    ['given to them', { access: 'assigned', assignedUserIds: [ME], assignedTeamIds: [] }, true],
    ['given to their team', { access: 'assigned', assignedUserIds: [], assignedTeamIds: ['red'] }, true],
    ['given to others', { access: 'assigned', assignedUserIds: [MATE], assignedTeamIds: ['blue'] }, false],
  ];

  it.each(COMPANIES)('%s: whoever may connect may restart', (_, company, technician) => {
    const roles: [Role, boolean][] = [
      ['technician', technician],
      ['senior', true],
      ['admin', true],
    ];
    for (const [role, expected] of roles) {
      const actor: Actor = { userId: ME, role, teamId: 'red' };
      expect(may(actor, 'machine:command', company), role).toBe(expected);
      expect(may(actor, 'machine:connect', company), role).toBe(expected);
    }
  });
});

describe('what a role may do otherwise', () => {
  const TARGETLESS: [
    Exclude<Action, SessionAction | 'user:change' | 'user:disable' | 'account:change'>,
    Role[],
  ][] = [
    ['session:create', ['technician', 'senior', 'admin']],
    ['session:assign', ['senior', 'admin']],
    ['session:waive-consent', ['admin']],
    ['user:list', ['technician', 'senior', 'admin']],
    ['user:create', ['admin']],
    ['team:list', ['technician', 'senior', 'admin']],
    ['team:change', ['admin']],
    ['settings:read', ['admin']],
    ['settings:change', ['admin']],
    ['audit:read', ['admin']],
  ];
  it.each(TARGETLESS)('%s: %s', (action, roles) => {
    for (const role of ['technician', 'senior', 'admin'] as const) {
      expect({ role, may: may({ userId: ME, role, teamId: null }, action, null) }).toEqual({
        role,
        may: roles.includes(role),
      });
    }
  });

  it.each(['technician', 'senior', 'admin'] as const)('%s: other users, and oneself', (role) => {
    const actor: Actor = { userId: ME, role, teamId: null };
    const isAdmin = role === 'admin';
    expect(may(actor, 'user:change', { userId: MATE })).toBe(isAdmin);
    expect(may(actor, 'user:disable', { userId: MATE })).toBe(isAdmin);
    expect(may(actor, 'user:disable', { userId: ME })).toBe(false);
    expect(may(actor, 'account:change', { userId: ME })).toBe(true);
    expect(may(actor, 'account:change', { userId: MATE })).toBe(false);
  });
});
