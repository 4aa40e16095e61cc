import type { Action, ActionTargets } from '@guruconnect/shared';

/** Actions that are asked on nothing in particular. */
export type TargetlessAction = { [A in Action]: ActionTargets[A] extends null ? A : never }[Action];

// Types are gone at run time; that this table is complete is checked by the compiler.
const TARGETLESS: { [A in TargetlessAction]: true } = {
  'session:create': true,
  'session:assign': true,
  'session:waive-consent': true,
  'user:list': true,
  'user:create': true,
  'team:list': true,
  'team:change': true,
  'settings:read': true,
  'settings:change': true,
  'audit:read': true,
  'company:create': true,
  'company:change': true,
  'filter:share': true,
};

/** The action when it can be asked without a target; the others are asked by the features, with theirs. */
export function targetlessAction(action: Action): TargetlessAction | undefined {
  return isTargetless(action) ? action : undefined;
}

function isTargetless(action: Action): action is TargetlessAction {
  return Object.hasOwn(TARGETLESS, action);
}
