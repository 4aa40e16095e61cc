#!/bin/sh
# Starts the GuruConnect agent for one session and leaves nothing behind:
#   curl -fsSL __ORIGIN__/download/linux/__CODE__.sh | sh
# The server puts its address and the code in.
set -eu

main() {
  origin='__ORIGIN__'
  code='__CODE__'

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

  dir=$(mktemp -d "${TMPDIR:-/tmp}/guruconnect.XXXXXX")
  trap 'rm -rf "$dir"' EXIT
  # The agent ends itself in order on these; this script then only tidies up.
  trap : INT TERM HUP

  echo 'GuruConnect: fetching the agent ...'
  curl -fsSL "$origin/download/guruconnect-agent-linux-x64.tar.gz" | tar -xzf - -C "$dir"

  # This script itself came in through standard input; questions need the terminal.
  if [ -r /dev/tty ] && (: </dev/tty) 2>/dev/null; then
    node "$dir/guruconnect-agent/main.mjs" --server "$origin" --code "$code" </dev/tty
  else
    node "$dir/guruconnect-agent/main.mjs" --server "$origin" --code "$code" </dev/null
  fi
}

# Called last, so that a download that broke off runs nothing.
main
