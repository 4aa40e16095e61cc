import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  readonly from: string;
  readonly to: string[];
  readonly headers: string;
  readonly text: string;
  readonly html: string;
}

/** A mail server on the loopback address that takes mail from one name and password. */
export interface Mailbox {
  readonly url: string;
  readonly mails: ReceivedMail[];
  close(): Promise<void>;
}

export const REFUSED_ADDRESS = 'nobody@example.com';

export async function openMailbox(): Promise<Mailbox> {
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) =>
      username === 'gc' && password === 'p@ss word'
        ? done(null, { user: 'gc' })
        : done(new Error('Wrong name or password')),
    onRcptTo: ({ address }, _session, done) =>
      address === REFUSED_ADDRESS
        ? done(Object.assign(new Error('No such mailbox'), { responseCode: 550 }))
        : done(),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          ...parse(Buffer.concat(chunks).toString('utf8')),
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
        });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server that listens has such an address.
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://gc:${encodeURIComponent('p@ss word')}@127.0.0.1:${port}`,
    mails,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** What nodemailer writes: headers, and two parts in quoted-printable or as they are. */
function parse(raw: string): { headers: string; text: string; html: string } {
  const [headers = ''] = raw.split('\r\n\r\n', 1);
  const boundary = /boundary="([^"]+)"/.exec(headers)?.[1] ?? '';
  const part = (type: string) => {
    const found = raw.split(`--${boundary}`).find((text) => text.includes(`Content-Type: ${type}`)) ?? '';
    const at = found.indexOf('\r\n\r\n');
    const body = found.slice(at + 4).replace(/\r\n$/, '');
    return /quoted-printable/i.test(found.slice(0, at)) ? decode(body) : body;
  };
  return { headers, text: part('text/plain'), html: part('text/html') };
}

function decode(text: string): string {
  const bytes = text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
