# The program under test and the floor: how they are built, started and stopped.
# shellcheck shell=bash

# Builds what is not named by the environment, and leaves the paths in `server_program` and
# `floor_program`, and in `server_origin` what the server was made of.
build() {
    local floor_is_wanted=$1 target
    server_program=${STOCKFLOW_BENCH_SERVER:-}
    floor_program=${STOCKFLOW_BENCH_FLOOR:-}
    server_origin="as found in $server_program"
    if [ -z "$server_program" ]; then
        say "building the server"
        (cd "$root" && cargo build --release --locked >&2)
        target=$(target_folder)
        server_program=$target/release/stockflow
        server_origin=$(commit)
    fi
    if [ -z "$floor_program" ] && [ "$floor_is_wanted" = yes ]; then
        say "building the floor"
        (cd "$root" && cargo build --release --locked --example floor >&2)
        target=$(target_folder)
        floor_program=$target/release/examples/floor
    fi
}

# Where cargo puts what it builds, which the environment or a configuration file may say.
target_folder() {
    (cd "$root" && cargo metadata --locked --no-deps --format-version 1) |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])'
}

# Starts a program that serves, and waits until it is ready. Leaves its process in `started` and
# its port in `server_port`. Arguments: the signal that ends it, the program and its arguments, but
# for where to listen.
start_server() {
    local signal=$1
    shift
    server_port=$(free_port)
    start "$signal" "$work/server.log" "$@" --listen "127.0.0.1:$server_port"
    local process=$started deadline=$((SECONDS + 30))
    until curl -fsS -o "$work/readiness" "http://127.0.0.1:$server_port/readyz" 2>/dev/null; do
        if ! is_running "$process" || [ "$SECONDS" -ge "$deadline" ]; then
            die_with_log "$work/server.log" "the server does not start: $*"
        fi
        sleep 0.05
    done
}

# Puts SKUs on the books of a database, from 1 to so many, each with so many units, so many times.
open_books() {
    local url=$1 skus=$2 units=$3 times=$4 file=$work/opening.csv number
    {
        echo sku_id,quantity,reason
        for ((number = 0; number < times; number++)); do
            seq 1 "$skus" | sed "s/\$/,$units,opening/"
        done
    } >"$file"
    "$server_program" import --database-url "$url" "$file" >>"$work/server.log" 2>&1 ||
        die_with_log "$work/server.log" "the opening amounts cannot be imported"
}
