#!/bin/sh
# Starts the GuruConnect agent for one session and leaves nothing behind:
#   curl -fsSL __ORIGIN__/download/linux/__CODE__.sh | sh
# The server puts its address and the code in. For a server whose certificate authority this computer does not
# trust, set GURUCONNECT_CA_FILE to the authority's certificate first.
set -eu

main() {
  origin='__ORIGIN__'
  code='__CODE__'
  ca_file=${GURUCONNECT_CA_FILE:-}

  if [ "$(uname -s)" != Linux ] || [ "$(uname -m)" != x86_64 ]; then
    echo 'GuruConnect: this agent is for 64-bit Linux on Intel and AMD processors.' >&2
    exit 1
  fi
  if ! command -v node >/dev/null 2>&1; then
    echo 'GuruConnect: Node.js 20 or newer is needed on this computer, and there is none.' >&2
    echo 'Install it (Debian, Ubuntu: sudo apt install nodejs) and run this command again.' >&2
    exit 1
  fi
  if ! node -e 'process.exit(parseInt(process.versions.node, 10) >= 20 ? 0 : 1)'; then
    echo "GuruConnect: Node.js 20 or newer is needed on this computer; it has $(node --version)." >&2
    exit 1
  fi
  if [ -z "${DISPLAY:-}" ]; then
    echo 'GuruConnect: run this in a terminal of your desktop, not over SSH.' >&2
    exit 1
  fi
  trust_what_this_computer_trusts

  dir=$(mktemp -d "${TMPDIR:-/tmp}/guruconnect.XXXXXX")
  trap 'rm -rf "$dir"' EXIT
  # The agent ends itself in order on these; this script then only tidies up.
  trap : INT TERM HUP

  echo 'GuruConnect: fetching the agent ...'
  if ! curl -fsSL ${ca_file:+--cacert "$ca_file"} -o "$dir/agent.tar.gz" \
    "$origin/download/guruconnect-agent-linux-x64.tar.gz"; then
    echo "GuruConnect: the agent could not be fetched from $origin." >&2
    exit 1
  fi
  tar -xzf "$dir/agent.tar.gz" -C "$dir"
  rm "$dir/agent.tar.gz"

  # This script itself came in through standard input; questions need the terminal.
  if [ -r /dev/tty ] && (: </dev/tty) 2>/dev/null; then
    node "$dir/guruconnect-agent/main.mjs" --server "$origin" --code "$code" </dev/tty
  else
    node "$dir/guruconnect-agent/main.mjs" --server "$origin" --code "$code" </dev/null
  fi
}

# Node has a list of authorities of its own; curl, which fetched this, goes by the system's.
trust_what_this_computer_trusts() {
  for bundle in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem; do
    if [ -z "${NODE_EXTRA_CA_CERTS:-}" ] && [ -r "$bundle" ]; then
      export NODE_EXTRA_CA_CERTS="$bundle"
    fi
  done
}

# Called last, so that a download that broke off runs nothing.
main
