-- Asks the paths of a file one after the other, each request ready before the first is sent, and prints what
-- benches/load/table.awk reads.

local requests = {}
local next_request = 0

function init(arguments)
    for path in io.lines(arguments[1]) do
        requests[#requests + 1] = wrk.format("GET", path)
    end
end

function request()
    next_request = next_request % #requests + 1
    return requests[next_request]
end

function done(summary, latency, _)
    local errors = summary.errors
    print(string.format("measured requests %d microseconds %d p50 %d p99 %d failed %d",
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
