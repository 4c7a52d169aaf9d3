#!/bin/sh
# Makes sure that the named system tools are there: tools/system-tools.sh bubblewrap perl libmath-bigint-gmp-perl
# On Debian as root it installs what is missing; elsewhere it says what will be skipped and how to get it. Never fails.
# kubectl-1.20, the one of Debian 12, is not installed but unpacked beside the packages of npm: a newer one may be on the path.
set -u

old_kubectl=node_modules/.cache/kubectl-1.20

is_there() {
  case $1 in
    bubblewrap) command -v bwrap ;;
    libmath-bigint-gmp-perl) perl -MMath::BigInt::GMP -e 1 ;;
    kubectl-1.20) "$old_kubectl/usr/bin/kubectl" version --client ;;
    *) command -v "$1" ;;
  esac >/dev/null 2>&1
}

why() {
  case $1 in
    bubblewrap) echo 'Pods then run as plain process groups, and the tests of the isolated sandbox are skipped' ;;
    perl) echo 'the example that computes pi in perl cannot run' ;;
    libmath-bigint-gmp-perl) echo 'perl cannot compute 1 500 or more digits of pi by itself, so the pi example fails' ;;
    kubectl) echo 'the sessions with kubectl are skipped' ;;
    kubectl-1.20) echo 'the session with the kubectl of Debian 12 is skipped' ;;
    *) echo 'what needs it is skipped' ;;
  esac
}

install() {
  case $1 in
    kubectl-1.20)
      mkdir -p "$old_kubectl" && (cd "$old_kubectl" && apt-get download -qq kubernetes-client && dpkg -x kubernetes-client_*.deb . && rm kubernetes-client_*.deb)
      ;;
    *) apt-get install -y -qq --no-install-recommends "$1" ;;
  esac
}

missing=''
for tool in "$@"; do
  is_there "$tool" || missing="$missing $tool"
done
[ -z "$missing" ] && exit 0

if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" -eq 0 ]; then
  export DEBIAN_FRONTEND=noninteractive
  log=$(mktemp)
  apt-get update -qq >"$log" 2>&1
  # One by one, so that one unknown package does not take the others with it. $missing is split on purpose.
  for tool in $missing; do
    install "$tool" >>"$log" 2>&1 </dev/null
    is_there "$tool" || {
      echo "system-tools: apt-get could not install $tool:" >&2
      tail -n 3 "$log" | sed 's/^/  /' >&2
    }
  done
  rm -f "$log"
fi

for tool in $missing; do
  is_there "$tool" && continue
  echo "system-tools: $tool is missing: $(why "$tool")." >&2
  case $tool in
    kubectl-1.20) echo '  Run this as root on Debian 12, or unpack its package kubernetes-client there.' >&2 ;;
    *) echo "  On Debian or Ubuntu: sudo apt-get install $tool; elsewhere take the package of the same purpose." >&2 ;;
  esac
done
exit 0
