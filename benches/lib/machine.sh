# Says what the figures were measured on.
# shellcheck shell=bash

describe_machine() {
    local model memory
    model=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | sort -u | paste -sd / -)
    memory=$(awk '/^MemTotal:/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo)
    echo "${model:-$(uname -m)}, $(nproc) cores, $memory, Linux $(uname -r), files on $(file_system "$work")."
}

file_system() {
    df --output=fstype "$1" | tail -n 1
}

# What a commit costs where nothing is ever written down says nothing.
refuse_memory() {
    case $(file_system "$1") in
        tmpfs | ramfs) die "$1 is in memory, where nothing is durable: let TMPDIR name a folder on a disk" ;;
    esac
}

describe_programs() {
    local database programs=()
    for database in "$@"; do programs+=("$(database_version "$database")"); done
    # It ends with status 1 even if nothing else was asked.
    programs+=("wrk $({ wrk --version || true; } | sed -n 's/^wrk \([^ ]*\).*/\1/p')")
    programs+=("stockflow $server_origin")
    local text
    text=$(printf '%s, ' "${programs[@]}")
    echo "${text%, }."
}

commit() {
    local changes name
    name=$(git -C "$root" rev-parse --short HEAD 2>/dev/null) || name="of an unknown commit"
    changes=$(git -C "$root" status --porcelain -- . ':!benches' 2>/dev/null || true)
    echo "$name${changes:+ with changes}"
}
