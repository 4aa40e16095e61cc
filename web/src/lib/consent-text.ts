import type { ConsentPolicy } from '@guruconnect/shared';

/** What a company's policy means for a technician, in a few words. */
export function describeConsent(policy: ConsentPolicy): string {
  switch (policy.kind) {
    case 'never':
      return 'Nobody is asked';
    case 'ask':
      return `Asked; without an answer in ${policy.timeoutSeconds}\u00a0s it is ${policy.otherwise === 'allow' ? 'allowed' : 'refused'}`;
    case 'always':
      return 'Asked, for as long as it takes';
  }
}
