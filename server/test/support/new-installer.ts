import type { ApiBody } from '@guruconnect/shared';

/** What `createInstaller` takes: an installer that gives nothing to its machines and never ends, but for what is given. */
export function newInstaller(
  companyId: string,
  given: Partial<Omit<ApiBody<'createInstaller'>, 'companyId'>> = {},
): ApiBody<'createInstaller'> {
  return {
    name: 'Workstations',
    companyId,
    site: '',
    department: '',
    deviceType: '',
    tags: [],
    machineName: '',
    expiresAt: null,
    maxUses: null,
    ...given,
  };
}
