#!/bin/sh
# Gives every node in $NODES the same blocks, one every 2 s, and sends calls through $GATEWAY in between.
# Block n has the time start + 2 n on every node, so that its hash is the same everywhere; a node that was
# away is given what it missed.
set -eu

rpc() { curl -s --max-time 1 -H 'Content-Type: application/json' -d "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"$2\",\"params\":$3}" "$1"; }

# The first hexadecimal number under a key of an answer, in decimal; nothing if there is none.
number() {
  hex=$(sed -n "s/.*\"$1\":\"\(0x[0-9a-f]*\)\".*/\1/p")
  [ -z "$hex" ] || printf '%d' "$hex"
}

# When the nodes' chain began; now, if they have only their first block.
start() {
  for node in $NODES; do
    first=$(rpc "$node" eth_getBlockByNumber '["0x1",false]' | number timestamp)
    if [ -n "$first" ]; then
      echo $((first - 2))
      return
    fi
  done
  date +%s
}

bring_to() {
  at=$(rpc "$1" eth_blockNumber '[]' | number result)
  while [ -n "$at" ] && [ "$at" -lt "$2" ]; do
    at=$((at + 1))
    rpc "$1" evm_mine "[$((began + 2 * at))]" >/dev/null || return 0
  done
}

# Forty calls over one connection.
calls() {
  count=0
  while [ "$count" -lt 40 ]; do
    printf 'next\nurl = "%s"\noutput = /dev/null\nmax-time = 5\n' "$GATEWAY"
    printf 'header = "Content-Type: application/json"\n'
    printf 'data = "{\\"jsonrpc\\":\\"2.0\\",\\"id\\":%d,\\"method\\":\\"eth_getBalance\\",\\"params\\":[\\"0x%040x\\",\\"latest\\"]}"\n' \
      "$count" "$count"
    count=$((count + 1))
  done | curl -s -K - || true
}

began=$(start)
while :; do
  height=$((($(date +%s) - began) / 2))
  for node in $NODES; do
    bring_to "$node" "$height" &
  done
  for _ in 1 2 3 4; do
    calls &
    sleep 0.5
  done
  wait
done
