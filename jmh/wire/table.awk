# Reads lines `case,proxy,repetition,calls,seconds,p50,p99,max,failures,cpu-seconds,rss-kib,p99.9`
# and writes a Markdown table of medians for each case, with CPU ratios to HAProxy.
BEGIN { FS = ","; split("small-node small-socket small-stub answer-64k one-connection small-tls large-tls small-h2 fixed-rate", ORDER, " ")
  TITLE["small-node"] = "Small POST, real node (anvil), " CONNECTIONS " connections"
  TITLE["small-socket"] = "Small POST, real node (anvil) with its WebSocket address, " CONNECTIONS " connections"
  TITLE["small-stub"] = "Small POST, fast stub, " CONNECTIONS " connections"
  TITLE["answer-64k"] = "64 KiB answers, fast stub, " CONNECTIONS " connections"
  TITLE["one-connection"] = "Small POST, fast stub, one connection"
  TITLE["small-tls"] = "Small POST over TLS 1.3, fast stub, " CONNECTIONS " connections"
  TITLE["large-tls"] = "64 KiB answers over TLS 1.3, fast stub, " CONNECTIONS " connections"
  TITLE["small-h2"] = "Small POST by HTTP/2 over TLS 1.3, fast stub, 8 connections of " STREAMS " streams"
  TITLE["fixed-rate"] = "Small POST, fast stub, " RATE " calls a second over " CONNECTIONS " connections, times from when each was due"
}
{ key = $1 SUBSEP $2; n = ++count[key]
  cpu[key, n] = $4 ? $10 * 1e6 / $4 : 0; rate[key, n] = $4 / $5
  p50[key, n] = $6; p99[key, n] = $7; failures[key] += $9; rss[key, n] = $11 / 1024; p999[key, n] = $12
  if (!($2 in known)) { known[$2] = 1; proxies[++proxyCount] = $2 } }
function median(values, key, n,    i, j, sorted, t) {
  for (i = 1; i <= n; i++) sorted[i] = values[key, i]
  for (i = 2; i <= n; i++) for (j = i; j > 1 && sorted[j - 1] > sorted[j]; j--) {
    t = sorted[j]; sorted[j] = sorted[j - 1]; sorted[j - 1] = t }
  return n % 2 ? sorted[(n + 1) / 2] : (sorted[n / 2] + sorted[n / 2 + 1]) / 2 }
function spread(values, key, n,    i, low, high) {
  low = high = values[key, 1]
  for (i = 2; i <= n; i++) { if (values[key, i] < low) low = values[key, i]; if (values[key, i] > high) high = values[key, i] }
  return sprintf("%.1f to %.1f", low, high) }
END {
  for (c = 1; c in ORDER; c++) {
    name = ORDER[c]; base = 0; direct = 0; printed = 0
    if (count[name, "haproxy"]) base = median(cpu, name SUBSEP "haproxy", count[name, "haproxy"])
    if (count[name, "direct"]) direct = median(p50, name SUBSEP "direct", count[name, "direct"])
    for (p = 1; p <= proxyCount; p++) {
      key = name SUBSEP proxies[p]; n = count[key]; if (!n) continue
      if (!printed++) {
        print "\n### " TITLE[name] "\n"
        print "| proxy | CPU us per call | range | ratio to HAProxy | calls/s | p50 us | p99 us | p99.9 us | added p50 us | RSS MiB | failed |"
        print "|---|---|---|---|---|---|---|---|---|---|---|" }
      cpuMedian = median(cpu, key, n); isDirect = proxies[p] == "direct"
      printf "| %s | %s | %s | %s | %d | %d | %d | %s | %s | %s | %d |\n", proxies[p],
        isDirect ? "-" : sprintf("%.1f", cpuMedian), isDirect ? "-" : spread(cpu, key, n),
        isDirect || !base ? "-" : sprintf("%.2f", cpuMedian / base),
        median(rate, key, n), median(p50, key, n), median(p99, key, n),
        p999[key, 1] == "" ? "-" : sprintf("%d", median(p999, key, n)),
        isDirect || !direct ? "-" : sprintf("%d", median(p50, key, n) - direct),
        isDirect ? "-" : sprintf("%d", median(rss, key, n)), failures[key] } } }
