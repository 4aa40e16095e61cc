/** What somebody types on a machine to enrol it: the shell's own quotes keep every character as it is. */
export interface InstallerLines {
  /** Downloads the package, installs it and enrols; as root. */
  readonly enrol: string;
}

/** The command lines for an installer's token; nothing in them needs a file. */
export function installerLines(origin: string, token: string): InstallerLines {
  return { enrol: `sudo guruconnect-agent enrol --server ${origin} --token ${token}` };
}
