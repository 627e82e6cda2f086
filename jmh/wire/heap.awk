# Reads what `jfr print --events jdk.ObjectAllocationSample` says and writes, for each class and the first place in
# Fairlead or Netty that allocates it, a row of a Markdown table behind its weight. The first sample is passed over: it stands
# for all that was allocated before.
function bytes(amount, unit) { return amount * (unit == "GB" ? 2 ^ 30 : unit == "MB" ? 2 ^ 20 : unit == "kB" ? 1024 : 1) }
function finish() {
  if (loop && class != "" && seen++) { weight[class "|" (own != "" ? own : top)] += amount; total += amount }
  class = top = own = ""; loop = inTrace = 0; amount = 0 }
/^jdk.ObjectAllocationSample/ { finish() }
$1 == "objectClass" { class = $3 }
$1 == "weight" { amount = bytes($3, $4) }
$1 == "eventThread" { loop = /fairlead-io/ }
$1 == "stackTrace" { inTrace = 1; next }
inTrace && /line:/ {
  sub(/^ +/, ""); place = $0; sub(/\(.*line:/, ":", place); sub(/ *$/, "", place)
  if (top == "") top = place
  else if (own == "" && place ~ /fairlead/) own = place " (" top ")"
  if (own == "" && top ~ /fairlead/) own = top }
END { finish(); for (key in weight) { split(key, part, "|")
  printf "%.0f | %.1f %% | %s | %s |\n", weight[key], 100 * weight[key] / total, part[1], part[2] } }
