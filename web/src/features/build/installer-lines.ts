/** What somebody types on a Linux machine; an origin and a token have no character that a shell would take for its own. */
export interface InstallerLines {
  /** Fetches the agent, installs its service and enrols the machine. */
  readonly install: string;
  /** For a machine that has the agent already. */
  readonly enrol: string;
}

const PACKAGE = 'guruconnect-agent-linux-x64.tar.gz';

/** The command lines for an installer's token, for the server under the address `origin`. */
export function installerLines(origin: string, token: string): InstallerLines {
  const toServer = `--server ${origin} --token ${token}`;
  return {
    install: `cd "$(mktemp -d)" && curl -fsSL ${origin}/download/${PACKAGE} | tar -xz && sudo node guruconnect-agent/main.mjs --install-service ${toServer}`,
    enrol: `sudo guruconnect-agent --enrol ${toServer}`,
  };
}
