import { GuruError } from '@guruconnect/shared';
import { createTransport } from 'nodemailer';
import type { MailConfig } from '../core/delivery-features.ts';
import type { Mailer } from '../core/mail-port.ts';
import type { Log } from '../core/ports.ts';

const NOT_CONFIGURED =
  'This server sends no mail: whoever runs it sets SMTP_URL and SMTP_FROM. You can copy the link instead.';
const TIMEOUT_MS = 15_000;

/** Mail by the SMTP server of the configuration; TLS as that server offers it, and always with `smtps://`. */
export function createMailer({ config, log }: { config: MailConfig | undefined; log: Log }): Mailer {
  const assertReady = () => {
    if (!config) throw new GuruError('unavailable', NOT_CONFIGURED);
  };
  if (!config) {
    return {
      isConfigured: false,
      assertReady,
      send: async () => assertReady(),
      close: () => undefined,
    };
  }
  const transport = createTransport({
    url: config.url,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    // Texts of people go into mails: none of them may make the server read a file or fetch a page.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    isConfigured: true,
    assertReady,
    send: async ({ to, subject, text, html }) => {
      try {
        await transport.sendMail({ from: config.from, to: { name: '', address: to }, subject, text, html });
      } catch (error) {
        // Neither the address of the mail server nor its words are for technicians; the log has them.
        log.error({ err: error }, 'a mail was not sent');
        throw new GuruError('unavailable', reasonOf(error), { cause: error });
      }
    },
    close: () => transport.close(),
  };
}

function reasonOf(error: unknown): string {
  const status =
    error instanceof Error && 'responseCode' in error && typeof error.responseCode === 'number'
      ? error.responseCode
      : 0;
  if (status >= 550 && status <= 553) return 'The mail server does not take mail for this address.';
  if (status === 535) return 'The mail server refuses the name and password of this server.';
  return 'The mail server cannot be reached now, or did not take the mail. Copy the link instead, or try again.';
}
