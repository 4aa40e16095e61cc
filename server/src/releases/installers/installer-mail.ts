import type { MailText } from '../../core/mail-port.ts';
import { installerLinks } from './installer-links.ts';

export interface InstallerMailOptions {
  readonly origin: string;
  readonly token: string;
  readonly kind: 'exe' | 'msi' | 'linux';
  /** What the technician wants to say; may be empty. */
  readonly note: string;
  readonly sender: string;
  /** Who runs this server. */
  readonly provider: string;
  /** Whose machines they become. */
  readonly company: string;
  readonly expiresAt: number | null;
}

/** A mail with the link of an installer and what to do with it, as text and as HTML. */
export function installerMail(options: InstallerMailOptions): MailText {
  const { sender, provider, company, note, expiresAt } = options;
  const { action, target, steps } = instructions(options);
  const paragraphs = [
    'Hello,',
    `${sender} of ${provider} asks you to install GuruConnect on a computer of ${company}. With it ${provider} can help at that computer whenever it is switched on.`,
    ...(note === '' ? [] : [note]),
  ];
  const closing = [
    'The link is made for this company: whoever has it can add computers to it. Please do not pass it on.',
    ...(expiresAt === null ? [] : [`It is good until ${new Date(expiresAt).toUTCString()}.`]),
    `If you did not expect this mail, ask ${provider} before you open the link.`,
  ];
  const text = [
    ...paragraphs,
    `${action}\n${target}`,
    steps.map((step, at) => `${at + 1}. ${step}`).join('\n'),
    ...closing,
  ].join('\n\n');
  return {
    subject: oneLine(`Install GuruConnect for ${company}`),
    text: `${text}\n`,
    html: htmlOf({ paragraphs, action, target, steps, closing, isLink: options.kind !== 'linux' }),
  };
}

function instructions({ kind, origin, token }: InstallerMailOptions) {
  const links = installerLinks(origin, token);
  switch (kind) {
    case 'exe':
      return {
        action: 'Download GuruConnect for Windows:',
        target: links.exe,
        steps: [
          'Open the link on the computer and save the file. Leave its name as it is.',
          'Open the file and answer “Yes” when Windows asks whether it may make changes. An administrator’s name and password may be needed.',
          'When the window says that the computer is connected, you are done.',
        ],
      };
    case 'msi':
      return {
        action: 'Download GuruConnect as an MSI, for administrators of Windows:',
        target: links.msi,
        steps: [
          'Save the file, for example where Group Policy or your deployment tool finds it.',
          'Install it: msiexec /i GuruConnect.msi /qn',
          'SITE, TAGS, NAME, DEPARTMENT and DEVICETYPE may follow, such as SITE="Head office".',
        ],
      };
    case 'linux':
      return {
        action: 'In a terminal on the Linux computer, type:',
        target: `curl -fsSL ${links.script} | sudo sh`,
        steps: [
          'Node.js 20 or newer has to be there.',
          `On Debian and Ubuntu there is a package as well: ${links.deb}`,
        ],
      };
  }
}

function htmlOf(parts: {
  paragraphs: string[];
  action: string;
  target: string;
  steps: string[];
  closing: string[];
  isLink: boolean;
}): string {
  const paragraph = (text: string) => `<p>${escapeHtml(text).replaceAll('\n', '<br>')}</p>`;
  const target = escapeHtml(parts.target);
  const shown = parts.isLink ? `<a href="${target}">${target}</a>` : `<code>${target}</code>`;
  return [
    '<!doctype html><html lang="en"><body style="font-family:sans-serif;line-height:1.5;max-width:40em">',
    ...parts.paragraphs.map(paragraph),
    `<p>${escapeHtml(parts.action)}<br>${shown}</p>`,
    `<ol>${parts.steps.map((step) => `<li>${escapeHtml(step)}</li>`).join('')}</ol>`,
    ...parts.closing.map(paragraph),
    '</body></html>',
  ].join('\n');
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
