#!/bin/sh
# GuruConnect for one session: unpacks itself, runs, and leaves nothing behind.
#   sh GuruConnect-__CODE__.run
# The agent follows this text as a .tar.gz from byte __OFFSET__ on. The server puts its address and the code in.
set -eu

fail() {
  echo "GuruConnect: $1" >&2
  # Started from a folder's window there is no terminal to read that in.
  if [ ! -t 2 ] && command -v zenity >/dev/null 2>&1; then
    zenity --error --title=GuruConnect --text="$1" || true
  fi
  exit 1
}

main() {
  origin='__ORIGIN__'
  code='__CODE__'
  authority='__AUTHORITY__'

  [ "$(uname -s)" = Linux ] && [ "$(uname -m)" = x86_64 ] ||
    fail 'this agent is for 64-bit Linux on Intel and AMD processors.'
  command -v node >/dev/null 2>&1 ||
    fail 'Node.js 20 or newer is needed on this computer, and there is none.'
  node -e 'process.exit(parseInt(process.versions.node, 10) >= 20 ? 0 : 1)' ||
    fail "Node.js 20 or newer is needed on this computer; it has $(node --version)."
  [ -n "${DISPLAY:-}" ] || fail 'run this in a terminal of your desktop, not over SSH.'
  for bundle in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem; do
    if [ -z "${NODE_EXTRA_CA_CERTS:-}" ] && [ -r "$bundle" ]; then
      export NODE_EXTRA_CA_CERTS="$bundle"
    fi
  done

  dir=$(mktemp -d "${TMPDIR:-/tmp}/guruconnect.XXXXXX")
  trap 'rm -rf "$dir"' EXIT
  # The agent ends itself in order on these; this script then only tidies up.
  trap : INT TERM HUP
  tail -c "+__OFFSET__" "$0" | tar -xzf - -C "$dir" || fail 'this file is damaged; download it again.'
  if [ -n "$authority" ]; then
    printf '%s\n' "$authority" >"$dir/authority.pem"
    export GURUCONNECT_CA_FILE="$dir/authority.pem"
  fi
  status=0
  node "$dir/guruconnect-agent/main.mjs" --server "$origin" --code "$code" || status=$?
  rm -rf "$dir"
  exit "$status"
}

# What follows is no text: the shell must not read on.
main
exit
