import type { InstallerView } from '@guruconnect/shared';
import type { BadgeTone } from '../../components/badge.tsx';
import { formatDateTime } from '../../lib/format-time.ts';

export const STATUS: Record<InstallerView['status'], { label: string; tone: BadgeTone }> = {
  active: { label: 'Active', tone: 'success' },
  expired: { label: 'Expired', tone: 'neutral' },
  'used-up': { label: 'Used up', tone: 'neutral' },
  revoked: { label: 'Revoked', tone: 'danger' },
};

/** How many machines came from it, of how many. */
export function usesText({ uses, maxUses }: Pick<InstallerView, 'uses' | 'maxUses'>): string {
  const machines = `${uses} ${uses === 1 ? 'machine' : 'machines'}`;
  return maxUses === null ? machines : `${uses} of ${maxUses} ${maxUses === 1 ? 'machine' : 'machines'}`;
}

/** Until when it works. */
export function validityText({ status, expiresAt, revokedAt }: InstallerView): string {
  if (status === 'revoked' && revokedAt !== null) return `revoked ${formatDateTime(revokedAt)}`;
  if (expiresAt === null) return 'until it is revoked';
  return `${status === 'expired' ? 'expired' : 'until'} ${formatDateTime(expiresAt)}`;
}

/** What it gives to its machines, beside the company. */
export function givenLabels(installer: InstallerView): string[] {
  const { site, department, deviceType, tags, machineName } = installer;
  return [
    site && `Site: ${site}`,
    department && `Department: ${department}`,
    deviceType && `Type: ${deviceType}`,
    machineName && `Name: ${machineName}`,
    ...tags.map((tag) => `#${tag}`),
  ].filter((label) => label !== '');
}
