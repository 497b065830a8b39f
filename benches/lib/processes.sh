# Starts processes, and sees to it that none of them outlives the benchmark.
# shellcheck shell=bash

# For each process that was started, the signal that ends it.
declare -A end_signals=()

# Starts a command in the background and leaves its number in `started`.
#
# It gets a session of its own, so that Ctrl-C reaches only this script, which then ends everything
# in good order. Should this script be killed by kill -9, the kernel sends the signal.
start() {
    local signal=$1 log=$2
    shift 2
    setsid setpriv --pdeathsig "$signal" -- "$@" </dev/null >>"$log" 2>&1 &
    started=$!
    end_signals[$started]=$signal
}

is_running() {
    kill -0 "$1" 2>/dev/null
}

# Waits until a process ends, and answers its exit status. Unlike a command in the foreground, this
# is interrupted by a signal.
await() {
    local status=0
    # The shell's remark that a process was killed is nobody's concern.
    wait "$1" 2>/dev/null || status=$?
    unset "end_signals[$1]"
    return "$status"
}

# Ends a process, and answers its exit status.
stop() {
    kill -s "${end_signals[$1]}" "$1" 2>/dev/null || true
    await "$1"
}

# Whoever is not gone in time is killed.
stop_all() {
    local process deadline=$((SECONDS + 15))
    exec 2>/dev/null
    for process in "${!end_signals[@]}"; do
        kill -s "${end_signals[$process]}" "$process" 2>/dev/null || true
    done
    for process in "${!end_signals[@]}"; do
        while is_running "$process" && [ "$SECONDS" -lt "$deadline" ]; do sleep 0.05; done
        kill -s KILL "$process" 2>/dev/null || true
        wait "$process" 2>/dev/null || true
    done
    end_signals=()
}

# A port of 127.0.0.1 that is free, below those that the kernel gives to outgoing connections: the
# load generator has hundreds of them.
free_port() {
    python3 - <<'PYTHON'
import random
import socket

while True:
    port = random.randrange(15000, 30000)
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            continue
    print(port)
    break
PYTHON
}
