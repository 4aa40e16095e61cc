#!/bin/sh
# Installs the GuruConnect agent for good and makes this computer a machine of your company:
#   curl -fsSL __ORIGIN__/download/installer/.../install.sh | sudo sh
# The server puts its address, the installer's token and its own certificate authority in.
set -eu

fail() {
  echo "GuruConnect: $1" >&2
  exit 1
}

main() {
  origin='__ORIGIN__'
  token='__TOKEN__'
  authority='__AUTHORITY__'

  [ "$(id -u)" = 0 ] || fail 'run this as root: end the line with "| sudo sh".'
  [ "$(uname -s)" = Linux ] && [ "$(uname -m)" = x86_64 ] ||
    fail 'this agent is for 64-bit Linux on Intel and AMD processors.'
  command -v node >/dev/null 2>&1 ||
    fail 'Node.js 20 or newer is needed on this computer, and there is none.'
  node -e 'process.exit(parseInt(process.versions.node, 10) >= 20 ? 0 : 1)' ||
    fail "Node.js 20 or newer is needed on this computer; it has $(node --version)."

  dir=$(mktemp -d "${TMPDIR:-/tmp}/guruconnect.XXXXXX")
  trap 'rm -rf "$dir"' EXIT
  ca_file=
  if [ -n "$authority" ]; then
    ca_file=$dir/authority.pem
    printf '%s\n' "$authority" >"$ca_file"
  fi

  echo 'GuruConnect: fetching the agent ...'
  curl -fsSL ${ca_file:+--cacert "$ca_file"} -o "$dir/agent.tar.gz" \
    "$origin/download/guruconnect-agent-linux-x64.tar.gz" ||
    fail "the agent could not be fetched from $origin."
  tar -xzf "$dir/agent.tar.gz" -C "$dir"

  # In the environment other users do not see the token; among the arguments they would.
  GURUCONNECT_TOKEN=$token node "$dir/guruconnect-agent/main.mjs" --install-service --server "$origin" \
    ${ca_file:+--ca-file "$ca_file"} </dev/null
}

# Called last, so that a download that broke off runs nothing.
main
