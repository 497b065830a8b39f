# Installs from Debian what the benchmark needs and is missing.
# shellcheck shell=bash

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

policy=/usr/sbin/policy-rc.d
forbid_services() {
    # A package's own service would be a server that nobody asked for, and one that takes part in
    # the measurement. Where a policy stands already, it is the machine's own word on the matter.
    [ ! -e "$policy" ] || return 0
    trap 'as_root rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
}

# In a subshell, so that the policy is gone again as soon as it ends, also in the middle.
install() (
    say "installing $*"
    trap 'exit 1' INT TERM HUP
    forbid_services
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$@" </dev/null >&2
)

# Arguments: the databases that take part.
install_what_is_missing() {
    local missing=() database
    command -v wrk >/dev/null || missing+=(wrk)
    command -v python3 >/dev/null || missing+=(python3)
    command -v curl >/dev/null || missing+=(curl)
    for database in "$@"; do
        case $database in
            sqlite) command -v sqlite3 >/dev/null || missing+=(sqlite3) ;;
            mariadb) PATH=$PATH:/usr/sbin command -v mariadbd >/dev/null || missing+=(mariadb-server) ;;
            postgres) compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || missing+=(postgresql) ;;
        esac
    done
    command -v redis-server >/dev/null || missing+=(redis-server)
    if [ -z "${STOCKFLOW_BENCH_SERVER:-}" ]; then
        command -v cc >/dev/null || missing+=(gcc libc6-dev)
    fi
    [ ${#missing[@]} = 0 ] || install "${missing[@]}"
}
