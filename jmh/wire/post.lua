-- One POST of JSON over and over; says how it went in one line of comma-separated values:
-- calls, seconds, p50 us, p99 us, max us, failures.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = os.getenv("WIRE_BODY")

function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("wire,%d,%.6f,%d,%d,%d,%d\n",
    summary.requests, summary.duration / 1e6,
    latency:percentile(50), latency:percentile(99), latency.max,
    e.connect + e.read + e.write + e.status + e.timeout))
end
