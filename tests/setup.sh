#!/usr/bin/env bash
# Brings a Debian machine that has Rust and Node to where Baton can be built, run and tested.
# It installs only what is missing, never asks a question, and touches nothing else.
#
#   tests/setup.sh build   what `make demo` needs: a C compiler for SQLite, the page's packages
#   tests/setup.sh test    that, and rustfmt, clippy, cargo-deny, PostgreSQL, Python, Chromium and the
#                          browser test's packages
#   tests/setup.sh make    only `make` itself
set -euo pipefail
cd "$(dirname "$0")/.."

deny_version=0.20.2

say() { printf 'setup: %s\n' "$*" >&2; }

stop() {
  say "$*"
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# Installs Debian packages, as root or through sudo; says what to install where neither is possible.
install_packages() {
  local as=()
  has apt-get || stop "please install by hand: $* (no apt-get here)"
  if [ "$(id -u)" -ne 0 ]; then
    has sudo || stop "please install as root: apt-get install $*"
    as=(sudo)
    [ -t 0 ] || as=(sudo -n)
  fi
  say "installing $*"
  local log
  log=$(mktemp)
  if ! {
    "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
      "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
  } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    stop "apt-get could not install: $*"
  fi
  rm -f "$log"
}

chromium_is_there() {
  [ -n "${CHROMIUM:-}" ] || has chromium || has chromium-browser || has google-chrome
}

# The tests start a server of their own from these programs; one that the machine runs is left alone.
postgres_is_there() {
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || { has initdb && has postgres; }
}

python_is_there() { python3 -c 'import venv, ensurepip' >/dev/null 2>&1; }

# The Debian packages that this purpose lacks.
missing_packages() {
  has make || echo make
  [ "$1" = make ] && return
  has cc || echo gcc
  [ -e /usr/include/stdio.h ] || echo libc6-dev
  [ -e /etc/ssl/certs/ca-certificates.crt ] || echo ca-certificates
  [ "$1" = test ] || return 0
  has git || echo git
  chromium_is_there || echo chromium
  postgres_is_there || echo postgresql
  # schemathesis, which holds the API against its description, lives in an environment of its own.
  python_is_there || echo python3-venv
  # Pages must hold with DejaVu Sans: the browser needs at least one real font.
  compgen -G '/usr/share/fonts/*/*' >/dev/null || echo fonts-dejavu-core
}

need_rust() {
  local env="${CARGO_HOME:-${HOME:-/root}/.cargo}/env"
  # shellcheck disable=SC1090
  has cargo || { [ -r "$env" ] && . "$env"; } || true
  has cargo || stop "Rust is missing; install it with rustup, then come back"
}

need_node() {
  if ! has node || ! has npm; then stop "Node is missing (version 20 or newer, with npm)"; fi
  local major
  major=$(node -p 'process.versions.node.split(".")[0]')
  [ "$major" -ge 20 ] || stop "Node $major is too old; version 20 or newer is needed"
}

# Runs npm ci where the lock changed since the last time.
node_packages() {
  local folder=$1 stamp="$1/node_modules/.baton-lock" sum
  [ -f "$folder/package-lock.json" ] || return 0
  sum=$(sha256sum <"$folder/package-lock.json")
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$sum" ] && return 0
  say "npm ci in $folder"
  (cd "$folder" && npm ci --no-audit --no-fund --no-update-notifier --loglevel=error >&2)
  printf '%s\n' "$sum" >"$stamp"
}

rust_tools() {
  cargo fmt --version >/dev/null 2>&1 || rustup component add rustfmt
  cargo clippy --version >/dev/null 2>&1 || rustup component add clippy
  cargo deny --version >/dev/null 2>&1 && return 0
  say "building cargo-deny $deny_version, once for all folders; a few minutes"
  cargo install --quiet --locked --debug --version "$deny_version" cargo-deny
}

main() {
  local purpose=${1:-build}
  case "$purpose" in make | build | test) ;; *) stop "say make, build or test, not $purpose" ;; esac
  local packages=()
  mapfile -t packages < <(missing_packages "$purpose")
  [ "${#packages[@]}" -eq 0 ] || install_packages "${packages[@]}"
  [ "$purpose" = make ] && return
  need_rust
  need_node
  node_packages ui
  [ "$purpose" = test ] || return 0
  node_packages tests/browser
  rust_tools
}

main "$@"
