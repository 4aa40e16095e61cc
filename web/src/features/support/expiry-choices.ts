export const EXPIRY_CHOICES = [
  { value: 'default', label: 'As usual here' },
  { value: '15', label: 'In 15 minutes' },
  { value: '60', label: 'In 1 hour' },
  { value: '480', label: 'In 8 hours' },
  { value: '1440', label: 'In 1 day' },
  { value: '10080', label: 'In 1 week' },
  { value: 'never', label: 'Not until used' },
] as const;

export type ExpiryChoice = (typeof EXPIRY_CHOICES)[number]['value'];

/** Undefined for the deployment's default, null for no expiry. */
export function expiryMinutes(choice: ExpiryChoice): number | null | undefined {
  if (choice === 'default') return undefined;
  return choice === 'never' ? null : Number(choice);
}
