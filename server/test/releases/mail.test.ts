import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from '../support/api-client.ts';
import { newInstaller } from '../support/new-installer.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { createPgliteData, type TestDatabase } from '../support/test-databases.ts';
import { type Mailbox, openMailbox, REFUSED_ADDRESS } from './support/mailbox.ts';

const NOTE = 'Please do it <today>\nThank you & bye';

describe('the mail with an installer', () => {
  let database: TestDatabase;
  let server: TestServer;
  let admin: ApiClient;
  let mailbox: Mailbox;
  let installerId: string;
  let token: string;

  const send = (to: string, kind: 'exe' | 'msi' | 'linux' = 'exe', note = NOTE) =>
    admin.call('mailInstaller', { params: { installerId }, body: { to, note, kind } });
  const newest = () => {
    const mail = mailbox.mails.at(-1);
    if (!mail) throw new Error('There is no mail.');
    return mail;
  };
  const restart = async (mail: { url: string; from: string } | undefined) => {
    await server.close();
    server = await startTestServer({ database, config: { mail } });
    admin = await server.signIn('ada', 'correct horse battery');
  };

  beforeAll(async () => {
    mailbox = await openMailbox();
    database = await createPgliteData();
    server = await startTestServer({
      database,
      config: { mail: { url: mailbox.url, from: 'Acme Support <support@acme.example>' } },
    });
    admin = await server.setUp();
    const { companyId } = await admin.call('createCompany', { body: { name: 'Müller & Söhne' } });
    const body = newInstaller(companyId, { name: 'Office', expiresAt: 4_102_444_800_000 });
    const made = await admin.call('createInstaller', { body });
    ({ token } = made);
    installerId = made.installer.installerId;
  });
  afterAll(async () => {
    await server.close();
    await mailbox.close();
    await database.remove();
  });

  it('says who asks for what, with the link and what to do, as text and as HTML', async () => {
    expect((await admin.call('getReleases')).mail).toBe(true);
    await send('ann@example.com');
    const { from, to, headers, text, html } = newest();
    expect([from, to]).toEqual(['support@acme.example', ['ann@example.com']]);
    expect(headers).toMatch(/^Subject: .*GuruConnect/m);
    const link = `${server.url}/download/installer/${token}/GuruConnect.exe`;
    for (const body of [text, html]) {
      expect(body).toContain('Ada of Acme Support');
      expect(body).toContain(link);
      expect(body).toContain('Fri, 01 Jan 2100');
    }
    expect(text).toContain('Müller & Söhne');
    expect(text.replaceAll('\r\n', '\n')).toContain(NOTE);
    expect(html).toContain('Please do it &lt;today&gt;<br>Thank you &amp; bye');
    expect(html).toContain(`<a href="${link}">`);
  });

  it('is about an MSI or a line for the shell where that is wanted', async () => {
    await send('ann@example.com', 'msi', '');
    expect(newest().text).toContain('msiexec /i GuruConnect.msi /qn');
    await send('ann@example.com', 'linux', '');
    expect(newest().text).toContain(
      `curl -fsSL ${server.url}/download/installer/${token}/install.sh | sudo sh`,
    );
  });

  it('is written down, without its token', async () => {
    const { entries } = await admin.call('listAudit', { query: {} });
    expect(entries[0]).toMatchObject({
      action: 'installer.mailed',
      details: { installerId, to: 'ann@example.com', kind: 'linux' },
    });
    expect(JSON.stringify(entries)).not.toContain(token);
  });

  it('goes to one address alone', async () => {
    for (const to of ['ann@example.com, bob@example.com', 'ann@example.com\nBcc: bob@example.com', 'ann']) {
      await expect(send(to)).rejects.toMatchObject({ code: 'invalid-message' });
    }
  });

  it('that the mail server refuses is told in plain words', async () => {
    await expect(send(REFUSED_ADDRESS)).rejects.toMatchObject({
      code: 'unavailable',
      message: 'The mail server does not take mail for this address.',
    });
  });

  it('is not sent without end', async () => {
    const before = mailbox.mails.length;
    const results = await Promise.allSettled(Array.from({ length: 25 }, () => send('ann@example.com')));
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []));
    expect(new Set(refused)).toEqual(new Set(['too-many-requests']));
    expect(mailbox.mails.length - before).toBe(25 - refused.length);
  });

  it('needs a mail server that lets this one in', async () => {
    await restart({ url: mailbox.url.replace('gc:', 'other:'), from: 'support@acme.example' });
    await expect(send('ann@example.com')).rejects.toThrow('refuses the name and password');
    await restart({ url: 'smtp://127.0.0.1:1', from: 'support@acme.example' });
    await expect(send('ann@example.com')).rejects.toThrow('cannot be reached');
    await restart(undefined);
    expect((await admin.call('getReleases')).mail).toBe(false);
    await expect(send('ann@example.com')).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('SMTP_URL'),
    });
  });
});
