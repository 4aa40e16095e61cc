import { newInstaller } from '../../server/test/support/new-installer.ts';
import type { ApiClient } from '../../tools/stack/api-client.ts';

/** The company of the screens, with an installer that gives its machines some of everything. */
export async function openFrontOffice(admin: ApiClient): Promise<{ companyId: string; token: string }> {
  const { companyId } = await admin.call('createCompany', { body: { name: 'Glazier & Sons' } });
  const { token } = await admin.call('createInstaller', {
    body: newInstaller(companyId, {
      name: 'Front office PCs',
      site: 'Berlin',
      department: 'Sales',
      deviceType: 'Desktop',
      tags: ['vip', 'front desk'],
      maxUses: 20,
    }),
  });
  return { companyId, token };
}
