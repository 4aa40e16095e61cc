/** What an installer is fetched as. */
export type DownloadKind = 'exe' | 'msi' | 'mst' | 'deb';

/** Addresses and command lines of an installer: whoever has one of these can enrol machines. */
export interface InstallerLines {
  readonly urls: Readonly<Record<DownloadKind | 'script', string>>;
  /** Installs a downloaded MSI without a question (B3). */
  readonly silent: string;
  /** The same straight from the server. */
  readonly silentFromServer: string;
  /** For an MSI of this server that was made for another installer. */
  readonly silentWithTransform: string;
  /** On Linux: fetches the agent, installs its service and enrols the machine. */
  readonly linux: string;
  /** For a Linux machine that has the agent already. */
  readonly enrol: string;
}

export const MSI_FILE = 'GuruConnect.msi';

/** An origin and a token have no character that a shell would take for its own. */
export function installerLines(origin: string, token: string): InstallerLines {
  const base = `${origin}/download/installer/${token}`;
  const urls = {
    exe: `${base}/GuruConnect.exe`,
    msi: `${base}/${MSI_FILE}`,
    mst: `${base}/guruconnect.mst`,
    deb: `${base}/guruconnect.deb`,
    script: `${base}/install.sh`,
  };
  return {
    urls,
    silent: `msiexec /i ${MSI_FILE} /qn`,
    silentFromServer: `msiexec /i ${urls.msi} /qn`,
    silentWithTransform: `msiexec /i ${MSI_FILE} TRANSFORMS=GuruConnect.mst /qn`,
    linux: `curl -fsSL ${urls.script} | sudo sh`,
    enrol: `sudo guruconnect-agent --enrol --server ${origin} --token ${token}`,
  };
}

/** Under which a download is kept. The EXE reads its token from its name, so that its bytes stay those that were signed. */
export function fileNameOf(kind: DownloadKind, token: string): string {
  const names = {
    exe: `GuruConnect-Setup-${token}.exe`,
    msi: MSI_FILE,
    mst: 'GuruConnect.mst',
    deb: 'guruconnect-agent.deb',
  };
  return names[kind];
}

/** What a silent installation may set beside what the installer gives, as MSI properties. */
export const MSI_PROPERTIES = [
  { name: 'NAME', meaning: 'the machine’s name' },
  { name: 'SITE', meaning: 'its site' },
  { name: 'DEPARTMENT', meaning: 'its department' },
  { name: 'DEVICETYPE', meaning: 'its device type' },
  { name: 'TAGS', meaning: 'its tags, with commas between them' },
] as const;
