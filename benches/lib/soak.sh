# Sells one hot SKU for a long time, beside clients that vanish at every point of a request, and
# watches what memory and how many file descriptors the server holds.
# shellcheck shell=bash

SAMPLE_SECONDS=15

# Kibibytes of memory that a process holds; nothing if it is gone.
resident() {
    sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB$/\1/p' "/proc/$1/status" 2>/dev/null || true
}

# File descriptors that a process has; nothing if it is gone.
descriptors() {
    find "/proc/$1/fd" -mindepth 1 2>/dev/null | wc -l
}

# Clients that vanish, at once.
VANISHING=50

mebibytes() {
    printf '%d.%d' $(($1 / 1024)) $(($1 % 1024 * 10 / 1024))
}

# Prints the samples as a table, and a summary. Arguments: database, minutes.
run_soak() {
    local database=$1 minutes=$2
    local seconds=$((minutes * 60)) name=soak skus=1 url millions server status=0
    mkdir "$work/case"
    create_database "$database" "$name"
    url=$(database_url "$database" "$name")
    millions=$(millions_wanted hot "$seconds")
    open_books "$url" "$skus" 1000000 "$millions"
    start_server TERM "$server_program" serve --database-url "$url"
    server=$started

    local begun=$SECONDS load pause memory files after_a_minute='' greatest=0 files_most=0 vanishing
    echo "| seconds | resident memory, MiB | file descriptors |"
    echo "| ---: | ---: | ---: |"
    start TERM "$work/vanished" python3 "$benches/lib/vanish.py" "$server_port" "$seconds" "$VANISHING"
    vanishing=$started
    start_load run "$server_port" deduct 256 "$skus" "$seconds" "$endless"
    load=$started
    while is_running "$load"; do
        start TERM /dev/null sleep "$SAMPLE_SECONDS"
        pause=$started
        # Whatever ends first: the load, or the pause.
        wait -n "$load" "$pause" || true
        is_running "$load" || break
        await "$pause" || true
        memory=$(resident "$server")
        [ -n "$memory" ] || break
        files=$(descriptors "$server")
        echo "| $((SECONDS - begun)) | $(mebibytes "$memory") | $files |"
        [ "$files" -le "$files_most" ] || files_most=$files
        [ "$memory" -le "$greatest" ] || greatest=$memory
        [ -n "$after_a_minute" ] || [ $((SECONDS - begun)) -lt 60 ] || after_a_minute=$memory
    done
    await "$load" || true
    stop "$pause" || true
    await "$vanishing" || true
    memory=$(resident "$server")
    # What vanished has been let go of by now: connections are few again.
    sleep 3
    files=$(descriptors "$server")

    local books
    books=$(query "$database" "$name" "$(<"$benches/lib/books.sql")")
    stop "$server" || status=$?
    drop_database "$database" "$name"
    python3 "$benches/lib/record.py" --round 1 --case "hot/$database/soak" --measured 1 "$work/case/run" \
        --units-opened $((millions * 1000000)) --books "$books" --exit-status "$status" >"$results"

    echo
    printf 'One hot SKU on %s, 256 connections, %d minutes, %s deductions answered: ' "$database" "$minutes" \
        "$(cut -f 3 <<<"$books")"
    printf 'resident memory %s MiB after a minute, %s MiB at the end, %s MiB at the most; %s file descriptors at the most, %s at the end.\n' \
        "$(mebibytes "${after_a_minute:-0}")" "$(mebibytes "${memory:-0}")" "$(mebibytes "$greatest")" \
        "$files_most" "$files"
    printf 'Clients that vanished, by what they did: %s\n' "$(<"$work/vanished")"
}
