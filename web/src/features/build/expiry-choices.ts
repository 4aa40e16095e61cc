const DAY_MS = 86_400_000;

export const EXPIRY_CHOICES = [
  { value: '1', label: 'In 1 day' },
  { value: '7', label: 'In 1 week' },
  { value: '30', label: 'In 30 days' },
  { value: '365', label: 'In 1 year' },
  { value: 'never', label: 'Not until it is revoked' },
] as const;

export type ExpiryChoice = (typeof EXPIRY_CHOICES)[number]['value'];

/** When an installer that is made now stops working; null for never. */
export function expiresAt(choice: ExpiryChoice, now: number): number | null {
  return choice === 'never' ? null : now + Number(choice) * DAY_MS;
}
