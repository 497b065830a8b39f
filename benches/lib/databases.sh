# Private, durable database servers in the temporary folder, and fresh databases on them.
#
# What differs from how their makers ship them, and why:
#
# - MariaDB, innodb_buffer_pool_size 1G (128M) and PostgreSQL, shared_buffers 512MB (128MB): what a
#   database server of this size would be given; the working set fits in.
# - PostgreSQL, max_wal_size 4GB (1GB): no checkpoint falls into some cases and not into others.
# - max_connections 500 on both: four servers with all their readers.
#
# Durability is what they are shipped with, and is spelled out because everything depends on it: a
# commit is on the disk before it is acknowledged. MariaDB has no binary log, which is its default.
# shellcheck shell=bash

# What the servers log once they listen: it tells that it is ours, and not a stranger's, that answers.
declare -A listens=(
    [mariadb]='ready for connections'
    [postgres]='ready to accept connections'
)
declare -A database_ports=()

# As root, PostgreSQL runs as the user whom Debian's package brings, for it refuses to run as root.
# Who becomes another user must ask anew for the signal of `start`.
as_postgres=(setpriv)
[ "$(id -u)" != 0 ] || as_postgres+=(--reuid=postgres --regid=postgres --clear-groups)

postgres_folder() {
    local folders
    folders=$(compgen -G '/usr/lib/postgresql/*/bin' | sort -rV)
    echo "${folders%%$'\n'*}"
}

start_databases() {
    local database
    for database in "$@"; do
        [ "$database" = sqlite ] || start_database "$database"
    done
}

start_database() {
    local database=$1
    local folder=$work/$database
    say "starting $database"
    mkdir "$folder"
    database_ports[$database]=$(free_port)
    "start_$database" "$folder" "${database_ports[$database]}"
    local process=$started deadline=$((SECONDS + 90))
    until grep -q "${listens[$database]}" "$folder/log" 2>/dev/null &&
        query "$database" '' 'SELECT 1' >/dev/null 2>&1; do
        if ! is_running "$process" || [ "$SECONDS" -ge "$deadline" ]; then
            die_with_log "$folder/log" "$database does not start"
        fi
        sleep 0.1
    done
}

start_mariadb() {
    local folder=$1 port=$2
    local common=(--no-defaults --datadir="$folder/data" --tmpdir="$folder")
    # It would refuse to run as root unless told.
    [ "$(id -u)" != 0 ] || common+=(--user=root)
    mariadb-install-db "${common[@]}" --auth-root-authentication-method=normal --skip-test-db \
        >"$folder/log" 2>&1 || die_with_log "$folder/log" "MariaDB's files cannot be made"
    # The path of its socket is relative to its data folder: the whole path might be too long.
    LC_ALL=C PATH=$PATH:/usr/sbin start KILL "$folder/log" mariadbd "${common[@]}" \
        --bind-address=127.0.0.1 --port="$port" --socket=socket --skip-name-resolve \
        --max-connections=500 --innodb-buffer-pool-size=1G \
        --innodb-flush-log-at-trx-commit=1
}

start_postgres() {
    local folder=$1 port=$2 programs
    programs=$(postgres_folder)
    [ "$(id -u)" != 0 ] || chown postgres:postgres "$folder"
    # From a folder that its user may enter, or it complains of ours.
    (cd "$folder" && "${as_postgres[@]}" "$programs/initdb" -D "$folder/data" -A trust -U postgres \
        -E UTF8 --locale=C --no-sync >log 2>&1) ||
        die_with_log "$folder/log" "PostgreSQL's files cannot be made"
    # Signal QUIT is an immediate shutdown; unlike KILL it gives the shared memory back.
    LC_ALL=C start QUIT "$folder/log" "${as_postgres[@]}" --pdeathsig QUIT "$programs/postgres" -D "$folder/data" \
        -c "port=$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
        -c max_connections=500 -c shared_buffers=512MB -c max_wal_size=4GB \
        -c fsync=on -c synchronous_commit=on
}

# A Redis that keeps nothing on the disk. Leaves its URL in `redis_url`.
start_redis() {
    say "starting redis"
    mkdir "$work/redis"
    local port
    port=$(free_port)
    redis_url=redis://127.0.0.1:$port
    start KILL "$work/redis/log" redis-server --port "$port" --bind 127.0.0.1 --save '' --appendonly no \
        --dir "$work/redis"
    local process=$started deadline=$((SECONDS + 30))
    until grep -q 'Ready to accept connections' "$work/redis/log" 2>/dev/null; do
        if ! is_running "$process" || [ "$SECONDS" -ge "$deadline" ]; then
            die_with_log "$work/redis/log" "redis does not start"
        fi
        sleep 0.1
    done
}

# The URL under which the server under test finds the database of this name.
database_url() {
    local database=$1 name=$2
    case $database in
        sqlite) echo "sqlite://$work/sqlite/$name.db" ;;
        mariadb) echo "mysql://root@127.0.0.1:${database_ports[mariadb]}/$name" ;;
        postgres) echo "postgres://postgres@127.0.0.1:${database_ports[postgres]}/$name" ;;
    esac
}

create_database() {
    local database=$1 name=$2
    case $database in
        sqlite) mkdir -p "$work/sqlite" ;;
        *) query "$database" '' "CREATE DATABASE $name" >/dev/null ;;
    esac
}

drop_database() {
    local database=$1 name=$2
    case $database in
        sqlite) rm -f "$work/sqlite/$name.db"* ;;
        *) query "$database" '' "DROP DATABASE $name" >/dev/null ;;
    esac
}

# Runs SQL and prints its rows, with tabs between the columns. The name of the database is empty
# for what concerns the whole server.
query() {
    local database=$1 name=$2 sql=$3
    case $database in
        sqlite) sqlite3 -batch -init /dev/null -separator $'\t' "$work/sqlite/$name.db" <<<"$sql" ;;
        mariadb)
            (cd "$work/mariadb/data" && mariadb --no-defaults --socket=socket --user=root \
                --batch --skip-column-names ${name:+"$name"} <<<"$sql")
            ;;
        postgres)
            psql --no-psqlrc --quiet --tuples-only --no-align --field-separator $'\t' \
                --set ON_ERROR_STOP=1 --host 127.0.0.1 --port "${database_ports[postgres]}" \
                --username postgres --dbname "${name:-postgres}" <<<"$sql"
            ;;
    esac
}

# Counts rows for the planner, as PostgreSQL does by itself within a minute, and MariaDB at once.
refresh_statistics() {
    [ "$1" != postgres ] || query postgres "$2" 'ANALYZE'
}

database_version() {
    case $1 in
        sqlite)
            # The server brings its own; the crate's version tells which.
            echo "SQLite of libsqlite3-sys $(
                grep -A 1 '^name = "libsqlite3-sys"' "$root/Cargo.lock" | sed -n 's/^version = "\(.*\)"/\1/p'
            )"
            ;;
        mariadb) echo "MariaDB $(query mariadb '' 'SELECT VERSION()')" ;;
        postgres) echo "PostgreSQL $(query postgres '' 'SHOW server_version')" ;;
    esac
}
