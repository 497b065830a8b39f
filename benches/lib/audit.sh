# How long it takes to prove the books: over so many entries, and over a hundredth of them.
# shellcheck shell=bash

# SKUs of the books.
audit_skus=10000

# Arguments: entries, databases.
run_audit() {
    local entries=$1 database
    shift
    echo
    echo "| database | entries | as of 50 SKUs, ms | 5 entries of a history, ms | proof, ms | chained/s | reconcile/s | verify/s | export/s (JSONL) | MiB at most |"
    echo "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for database in "$@"; do
        audit_one "$database" "$((entries / 100))"
        audit_one "$database" "$entries"
    done
}

# Arguments: database, entries.
audit_one() {
    local database=$1 entries=$2
    local name=audit_$entries url folder=$work/fill skus=$audit_skus
    [ "$entries" -ge $((skus * 2)) ] || skus=$((entries / 10))
    say "$database: filling books of $entries entries"
    create_database "$database" "$name"
    url=$(database_url "$database" "$name")
    "$server_program" migrate up --database-url "$url" >>"$work/server.log" 2>&1 ||
        die_with_log "$work/server.log" "the tables cannot be made"
    mkdir -p "$folder"
    python3 "$benches/lib/fill.py" "$folder" "$database" "$entries" "$skus"
    "load_$database" "$name" "$folder"
    rm -rf "$folder"

    local figures=() worst=0
    say "$database: chaining"
    timed "$entries" "$server_program" migrate up --database-url "$url"
    refresh_statistics "$database" "$name"
    start_server TERM "$server_program" serve --database-url "$url"
    local process=$started medians
    medians=$(python3 "$benches/lib/ask.py" "$server_port" "$entries" "$skus")
    stop "$process" || die_with_log "$work/server.log" "the server did not end well"
    say "$database: going over the books"
    worst=0
    timed "$entries" "$server_program" audit reconcile --database-url "$url"
    timed "$entries" "$server_program" audit verify --database-url "$url"
    timed "$entries" "$server_program" export --format jsonl --database-url "$url"
    python3 - "$database" "$entries" "$medians" "$worst" "${figures[@]}" <<'PYTHON'
import json
import sys

database, entries, medians, worst, *figures = sys.argv[1:]
medians = [f"{median:.2f}" for median in json.loads(medians).values()]
figures = [f"{int(figure):,}" for figure in figures]
print("|", " | ".join([database, f"{int(entries):,}", *medians, *figures, worst]), "|")
PYTHON
    drop_database "$database" "$name"
}

# Runs a command, whose output nobody needs, and adds to `figures` how many entries it went over in a
# second; `worst` becomes the most memory that any took. Arguments: entries, the command.
timed() {
    local entries=$1
    shift
    python3 - "$entries" "$@" >"$work/timed" 2>>"$work/server.log" <<'PYTHON' || die_with_log "$work/server.log" "failed: $*"
import resource
import subprocess
import sys
import time

entries, command = int(sys.argv[1]), sys.argv[2:]
begun = time.monotonic()
ended = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=sys.stderr)
took = time.monotonic() - begun
if ended.returncode != 0:
    sys.exit(1)
memory_mib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
print(int(entries / took), memory_mib)
PYTHON
    local rate memory
    read -r rate memory <"$work/timed"
    figures+=("$rate")
    [ "$memory" -le "$worst" ] || worst=$memory
}

flow_columns='id, sku_id, sequence, kind, order_detail_id, quantity_trade, leaved_after, deduction_id, idempotency_scope, idempotency_key, line, request_hash, actor, reason, created_at, merchant_id'
stock_columns='sku_id, leaved_amount, version, created_at, updated_at, merchant_id'

# Those that follow load what fill.py wrote. Arguments: name of the database, folder.

load_sqlite() {
    python3 - "$work/sqlite/$1.db" "$2" "$flow_columns" "$stock_columns" <<'PYTHON'
import sqlite3
import sys

file, folder, flow_columns, stock_columns = sys.argv[1:]
connection = sqlite3.connect(file)
for pragma in ["synchronous = off", "cache_size = -1000000"]:
    connection.execute(f"PRAGMA {pragma}")


def load(table, columns, read):
    names = columns.split(", ")
    values = ", ".join("?" for _name in names)
    with open(f"{folder}/{table[1]}") as lines:
        rows = (read(line.rstrip("\n").split("\t")) for line in lines)
        connection.executemany(f"INSERT INTO {table[0]} ({columns}) VALUES ({values})", rows)


def flow(row):
    row = [value or None for value in row]
    row[11] = bytes.fromhex(row[11])
    return row


load(("t_inventory", "stocks"), stock_columns, lambda row: row)
load(("t_inventory_flow", "flows"), flow_columns, flow)
connection.commit()
connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
PYTHON
}

load_postgres() {
    query postgres "$1" "\\copy t_inventory ($stock_columns) FROM '$2/stocks'"
    query postgres "$1" "\\copy t_inventory_flow ($flow_columns) FROM '$2/flows'"
    query postgres "$1" "SELECT setval('t_inventory_flow_id_seq', (SELECT MAX(id) FROM t_inventory_flow))" >/dev/null
    query postgres "$1" 'VACUUM ANALYZE'
}

load_mariadb() {
    query mariadb "$1" "LOAD DATA LOCAL INFILE '$2/stocks' INTO TABLE t_inventory ($stock_columns)"
    query mariadb "$1" "SET unique_checks = 0, foreign_key_checks = 0; LOAD DATA LOCAL INFILE '$2/flows' INTO TABLE t_inventory_flow (${flow_columns/request_hash/@hash}) SET request_hash = UNHEX(@hash)"
    query mariadb "$1" 'ANALYZE TABLE t_inventory, t_inventory_flow' >/dev/null
}
