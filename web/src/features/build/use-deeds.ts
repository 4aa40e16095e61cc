import { toast } from 'sonner';
import { copyText } from '../../lib/copy-text.ts';
import { fetchDownload } from './fetch-download.ts';
import { type DownloadKind, fileNameOf, type InstallerLines, installerLines } from './installer-lines.ts';
import { useToken } from './use-token.ts';

/** What is done with an installer that needs its token; the token is revealed for that alone. */
export function useDeeds(installerId: string, known?: string) {
  const { isBusy, withToken } = useToken(installerId, known);
  return {
    isBusy,
    download: (kind: DownloadKind) =>
      withToken(async (token) => {
        const { urls } = installerLines(location.origin, token);
        await fetchDownload(urls[kind], fileNameOf(kind, token));
        toast.success(`${SAID[kind]} is being downloaded.`);
      }),
    copy: (pick: (lines: InstallerLines) => string, said: string) =>
      withToken(async (token) => {
        const text = pick(installerLines(location.origin, token));
        if (await copyText(text)) toast.success(said, { description: text });
        else toast.error('Copying was not possible in this browser. Open “Addresses and command lines”.');
      }),
    withLines: (deed: (lines: InstallerLines) => void) =>
      withToken((token) => deed(installerLines(location.origin, token))),
  };
}

const SAID: Record<DownloadKind, string> = {
  exe: 'The EXE',
  msi: 'The MSI',
  mst: 'The transform',
  deb: 'The package',
};
