# What is measured: the list of cases, and how one is run.
#
# A case is named WORKLOAD/DATABASE/VARIANT. Variants that are compared stand beside each other, so that they are
# neighbours in time: the machine may be slower a minute later. That is why the floor, which has no database, is
# measured anew beside each.
# shellcheck shell=bash

# Prints the cases of one round, for the databases that take part.
list_cases() {
    local workload database
    echo documents/none/cached
    echo documents/none/uncached
    for workload in hot random cart page lone; do
        for database in "$@"; do
            echo "$workload/$database/default"
            case $workload in hot | random | cart | lone) echo "$workload/$database/plain" ;; esac
            case $workload in hot | random | page) echo "$workload/$database/floor" ;; esac
        done
    done
    for database in "$@"; do
        # An SQLite file is one server's own.
        [ "$database" != sqlite ] || continue
        echo "two/$database/default"
        echo "four/$database/default"
    done
    # Looks are answered without a database.
    echo "look/$1/default"
    echo "look/$1/redis"
    echo "look/$1/near"
    echo "look/$1/floor"
    echo "available/$1/default"
    echo "available/$1/floor"
    for database in "$@"; do
        echo "soldout/$database/default"
        echo "soldout/$database/floor"
        echo "soldout/$database/late"
        echo "crowd/$database/default"
        echo "sale/$database/default"
        echo "looks/$database/default"
    done
}

# Leaves what a workload is in `script`, `skus`, `lines` (deductions that a success stands for), `connections`,
# `servers` and `units` (that each SKU opens with; nothing: more than can be sold).
describe() {
    script=deduct skus=1 lines=1 connections=256 servers=1 units=''

    case $1 in
        hot | documents) ;;
        random) skus=1000 ;;
        cart) script=cart skus=1000 lines=10 connections=64 ;;
        page) script=flows skus=200 lines=0 connections=64 ;;
        lone) connections=1 ;;
        two) servers=2 ;;
        four) servers=4 ;;
        look) script=looks lines=0 ;;
        available) script=available skus=10 lines=0 ;;
        soldout) script=soldout lines=0 units=0 ;;
        crowd) script=soldout lines=0 units=0 connections=1024 ;;
        sale) script=sale skus=5 lines=0 units=1000 connections=1024 ;;
        looks) script=looks skus=5 lines=0 units=1000 connections=1024 ;;
    esac
}

# Starts the load and does not wait for its end. Leaves its process in `started`. Arguments: the name under which its
# figures are kept, port, script, connections, SKUs, seconds to be active, requests at the most.
start_load() {
    local name=$1 port=$2 script=$3 connections=$4 skus=$5 active=$6 requests=$7 run
    run=$(printf '%04x%04x%04x' $RANDOM $RANDOM $RANDOM)
    # Its script ends it when all is answered. The minute more is for when something is not.
    start TERM "$work/case/$name" wrk --threads 1 --connections "$connections" --duration "$((active + 60))s" \
        --timeout 60s --script "$benches/wrk/$script.lua" "http://127.0.0.1:$port/graphql" \
        -- "$active" "$requests" "$skus" "$run"
}

load() {
    start_load "$@"
    await "$started" || true
}

endless=1e12

# Runs a case and adds its record to the results. Arguments: round, case.
run_case() {
    local round=$1 case=$2 workload database variant
    IFS=/ read -r workload database variant <<<"$case"
    local script skus lines connections servers units
    describe "$workload"
    rm -rf "$work/case"
    mkdir "$work/case"
    local record=(--round "$round" --case "$case")
    case $variant in
        floor | cached) run_floor ;;
        uncached) run_floor STOCKFLOW_GRAPHQL__DOCUMENT_CACHE_BYTES=0 ;;
        default) run_stock ;;
        redis) run_stock --redis-url "$redis_url" STOCKFLOW_CACHE__REDIS_NEAR_AGE_MS_MAX=0 ;;
        near) run_stock --redis-url "$redis_url" ;;
        late) run_stock --ledger-early-refusal-age-ms-max 0 ;;
        plain) run_stock --ledger-batch-max 1 ;;
    esac
    python3 "$benches/lib/record.py" "${record[@]}" >>"$results"
}

# Those that follow see the variables of `run_case`, and add to its `record`.

# Arguments: more of its environment.
run_floor() {
    # It makes a folder of its own, and ends in good order by INT only.
    local arguments=()
    [ "$script" != soldout ] || arguments=(--sold-out)
    start_server INT env TMPDIR="$work" "$@" "$floor_program" "${arguments[@]}"
    local server=$started status=0
    load warm-up "$server_port" "$script" "$connections" "$skus" 1 "$endless"
    load run "$server_port" "$script" "$connections" "$skus" "$seconds" "$endless"
    stop "$server" || status=$?
    record+=(--filling "$lines" "$work/case/warm-up" --measured "$lines" "$work/case/run" --exit-status "$status")
}

# Arguments: more of the server's own, and of its environment.
run_stock() {
    local argument arguments=() environment=()
    for argument in "$@"; do
        case $argument in
            STOCKFLOW_*) environment+=("$argument") ;;
            *) arguments+=("$argument") ;;
        esac
    done
    # No case goes slower because of the tables that an earlier one grew.
    local name="case_$((++databases_made))" url
    create_database "$database" "$name"
    url=$(database_url "$database" "$name")
    local times=1
    if [ -z "$units" ]; then
        units=1000000 times=$(millions_wanted "$workload" "$seconds")
    fi
    open_books "$url" "$skus" "$units" "$times"

    local number processes=() ports=() status=0
    for ((number = 1; number <= servers; number++)); do
        start_server TERM env "${environment[@]}" "$server_program" serve --database-url "$url" "${arguments[@]}"
        processes+=("$started")
        ports+=("$server_port")
    done
    if [ "$workload" = page ]; then
        # Every SKU gets about a hundred entries: 2,000 carts of 10 lines over 200 SKUs.
        load history "${ports[0]}" cart 64 "$skus" 60 2000
        refresh_statistics "$database" "$name"
        record+=(--filling 10 "$work/case/history")
    fi
    load_all warm-up --filling 1
    load_all run --measured "$seconds"

    record+=(--units-opened $((skus * times * units)))
    [ "$workload" != sale ] || record+=(--sold-out)
    curl -fsS -o "$work/case/metrics" "http://127.0.0.1:${ports[0]}/metrics"
    record+=(--metrics "$work/case/metrics")
    # While the servers still run: what they answered must be there now.
    record+=(--books "$(query "$database" "$name" "$(<"$benches/lib/books.sql")")")
    for number in "${processes[@]}"; do
        stop "$number" || status=$?
    done
    record+=(--exit-status "$status")
    drop_database "$database" "$name"
}

# Loads every server at once. Arguments: the name of the stage, as what it counts, seconds to be active.
load_all() {
    local stage=$1 counts_as=$2 active=$3 number loads=()
    for number in "${!ports[@]}"; do
        start_load "$stage-$number" "${ports[$number]}" "$script" $((connections / servers)) "$skus" \
            "$active" "$endless"
        loads+=("$started")
        record+=("$counts_as" "$lines" "$work/case/$stage-$number")
    done
    for number in "${loads[@]}"; do await "$number" || true; done
}

# Units that each SKU opens with, in millions, so that it cannot be sold out. One hot SKU may sell 100,000 a second;
# of many, each sells little.
millions_wanted() {
    local workload=$1 active=$2
    case $workload in
        random | cart | page) echo 1 ;;
        *) echo $(((active + 1) / 10 + 1)) ;;
    esac
}
