-- What all the load scripts share: when to send and when to be quiet, and the count of what was answered.
--
-- wrk stops in mid-flight: what it has sent by then may be carried out, but nobody hears the answer, and the books
-- could not be compared with the answers. So wrk is given more time than it needs, and this script ends the run. Past
-- the deadline `request` answers an empty text. wrk writes its 0 bytes, waits for the answer to them for ever, and the
-- connection is quiet. Once every answer is there, the script interrupts wrk, which then reports as always.
--
-- Arguments, after the URL: seconds to be active, requests at the most, number of SKUs, name of the run.

local ffi = require("ffi")

ffi.cdef [[
struct timespec { long seconds; long nanoseconds; };
int clock_gettime(int clock, struct timespec *now);
int getpid(void);
int kill(int process, int signal);
]]

local CLOCK_MONOTONIC = 1
local SIGINT = 2

local load = {}

-- Global, because `done` runs in another Lua state, and wrk hands over nothing but globals.
counts = {
    sent = 0,
    answered = 0,
    succeeded = 0,
    succeeded_in_time = 0,
    aside = 0,
    units_aside = 0,
    refused = 0,
    errors = 0,
    other = 0,
    active_seconds = 0,
}
local counts = counts

local timespec = ffi.new("struct timespec")
local function seconds_now()
    ffi.C.clock_gettime(CLOCK_MONOTONIC, timespec)
    return tonumber(timespec.seconds) + tonumber(timespec.nanoseconds) / 1e9
end

local active_seconds, requests_max
local deadline = math.huge
local quiet = false

local function end_when_all_is_answered()
    if quiet and counts.answered == counts.sent then
        ffi.C.kill(ffi.C.getpid(), SIGINT)
    end
end

local function be_quiet(now)
    if not quiet then
        quiet = true
        -- A run that is bounded by its requests is over before its deadline.
        counts.active_seconds = active_seconds - math.max(deadline - now, 0)
        deadline = math.min(deadline, now)
    end
    end_when_all_is_answered()
    return ""
end

-- Keys arrive in no order, as random UUIDs do, so that the index of keys is written all over. The factor is odd, so
-- that no two numbers below the modulus share a key.
function load.scattered(number)
    return string.format("%08x", tonumber(number * 2654435769ULL % 4294967296ULL))
end

-- Sends `kind.body(number)` for ever new numbers, and asks `kind.succeeded(body)` of each answer. `kind.start` gets
-- the number of SKUs and the name of the run. Where there is a `kind.aside`, it answers the units that an answer sold
-- which is no success and not wrong either.
function load.drive(kind)
    local head

    function setup(thread)
        load.thread = thread
    end

    function init(arguments)
        active_seconds = tonumber(arguments[1])
        requests_max = tonumber(arguments[2])
        local run = arguments[4]
        math.randomseed(tonumber(run:sub(1, 8), 16))
        kind.start(tonumber(arguments[3]), run)
        head = "POST /graphql HTTP/1.1\r\nHost: " .. wrk.host .. ":" .. wrk.port
            .. "\r\nAccept: application/graphql-response+json, application/json\r\n"
            .. "Content-Type: application/json\r\nContent-Length: "
    end

    local shown_to_wrk = false
    function request()
        if not shown_to_wrk then
            -- wrk looks at the first one, to see whether it is HTTP, and does not send it.
            shown_to_wrk = true
            deadline = math.huge
        else
            local now = seconds_now()
            if deadline == math.huge then
                deadline = now + active_seconds
            end
            if now >= deadline or counts.sent == requests_max then
                return be_quiet(now)
            end
            counts.sent = counts.sent + 1
        end
        local body = kind.body(counts.sent)
        return head .. #body .. "\r\n\r\n" .. body
    end

    function response(status, _headers, body)
        counts.answered = counts.answered + 1
        if status == 200 and kind.succeeded(body) then
            counts.succeeded = counts.succeeded + 1
            if seconds_now() < deadline then
                counts.succeeded_in_time = counts.succeeded_in_time + 1
            end
        else
            local units = status == 200 and kind.aside and kind.aside(body)
            if units then
                counts.aside = counts.aside + 1
                counts.units_aside = counts.units_aside + units
            else
                load.count_failure(status, body)
            end
        end
        end_when_all_is_answered()
    end
end

function load.count_failure(status, body)
    if counts.refused + counts.errors + counts.other == 0 then
        io.stderr:write("the first answer that was no success: ", status, " ", body:sub(1, 2000), "\n")
    end
    if body:find('"errors":[', 1, true) then
        counts.errors = counts.errors + 1
    elseif body:find('"userErrors":[{', 1, true) then
        counts.refused = counts.refused + 1
    else
        counts.other = counts.other + 1
    end
end

-- One line of JSON, the last that wrk prints.
function done(summary, latency)
    local parts = {}
    for name, count in pairs(load.thread:get("counts")) do
        parts[#parts + 1] = string.format('"%s":%.6f', name, count)
    end
    for name, count in pairs(summary.errors) do
        parts[#parts + 1] = string.format('"wrk_%s":%d', name, count)
    end
    parts[#parts + 1] = string.format('"median_us":%d', latency:percentile(50))
    parts[#parts + 1] = string.format('"p99_us":%d', latency:percentile(99))
    print("{" .. table.concat(parts, ",") .. "}")
end

return load
