export const USAGE = `GuruConnect agent: lets a technician see and control this computer.

For one session, while it runs:
  guruconnect-agent --server https://support.example.com [--code 847291]

  --server URL       the address of the support portal (or GURUCONNECT_SERVER)
  --code DIGITS      the six digits from your technician; asked for when left out (or GURUCONNECT_CODE)
  --ca-file FILE     trust this certificate authority as well (or GURUCONNECT_CA_FILE)
  --proxy URL        reach the server by this HTTP proxy, such as http://name:password@proxy.example.com:3128
                     (or GURUCONNECT_PROXY); by default what HTTPS_PROXY, ALL_PROXY and NO_PROXY say;
                     none: by no proxy
  --display NAME     the X display to show, by default $DISPLAY
  --bind ADDRESS     use only this network address for the picture (or GURUCONNECT_BIND)
  --no-windows       say in the terminal alone who sees this computer, and ask for consent there
  --log LEVEL        write a log to the error output: debug, info, warn, error (or GURUCONNECT_LOG)

Ctrl-C ends the session at any time.

For good, as a machine of a company (as root):
  guruconnect-agent --enrol --server URL --token TOKEN [--name NAME] [--site SITE] ...
                     makes this computer a machine of the deployment; the token is an installer's
                     (or GURUCONNECT_TOKEN, which other users cannot read, or the first
                     line of the file that GURUCONNECT_TOKEN_FILE names)
  guruconnect-agent --install-service
                     installs the agent and runs it from now on and after every start of the computer;
                     with --server and --token it enrols first
  guruconnect-agent --uninstall-service [--purge]
                     takes it away again, with --purge the machine's identity too
  guruconnect-agent --service
                     what the service runs: waits for technicians until it is stopped
  guruconnect-agent --check-in
                     tells the server once how this computer is, and does what it wants
  guruconnect-agent --status
                     says what this machine is called and whether it is online
  guruconnect-agent --diagnose [--server URL] [--ice stun:HOST:PORT ...]
                     looks at the way to the server, part by part, and says what is wrong; on an enrolled
                     machine also tries the STUN and TURN servers and the relay of its sessions
  guruconnect-agent --reconfigure [--name NAME] [--site SITE] [--department NAME] [--type TYPE]
                                  [--tag TAG ...] [--property KEY=VALUE ...]
                     changes what this machine is called; an empty value takes one away. The tags given
                     replace those that are there. The company can be changed on the server alone.
                     --proxy URL is what the service goes by from its next start on, --proxy none takes
                     that away; what it was enrolled by is kept as well

  --new-identity     with --enrol: be a new machine, for example in a copy of another computer's disk
  --state-dir DIR    where the machine's identity is kept, by default /var/lib/guruconnect

  --version, --help
`;
