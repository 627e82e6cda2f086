package io.fairlead.gateway.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** A chain's logs, made up: so many a block, each of one of a few addresses. */
final class LogLedger {
  static final int ADDRESSES = 8;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<Entry> entries = new ArrayList<>();

  /**
   * A log.
   *
   * @param block its block
   * @param address which of the addresses
   * @param json as a node writes it
   */
  record Entry(long block, int address, String json) {}

  /**
   * A ledger.
   *
   * @param blocks how many blocks, from 1 on
   * @param most how many logs a block has at the most
   * @param dataBytes how long each log's data is
   */
  LogLedger(Random random, int blocks, int most, int dataBytes) {
    for (int block = 1; block <= blocks; block++) {
      int logs = random.nextInt(most + 1);
      for (int index = 0; index < logs; index++) {
        int address = random.nextInt(ADDRESSES);
        entries.add(new Entry(block, address, json(block, index, address, dataBytes)));
      }
    }
  }

  private static String json(int block, int index, int address, int dataBytes) {
    return String.format(
        Locale.ROOT,
        "{\"address\":\"%s\",\"topics\":[],\"data\":\"0x%s\",\"blockNumber\":\"0x%x\",\"logIndex\":\"0x%x\",\"removed\":false}",
        address(address),
        "ab".repeat(dataBytes),
        block,
        index);
  }

  static String address(int number) {
    return String.format(Locale.ROOT, "0x%040x", number);
  }

  /** The logs that a node gives for a filter. */
  List<String> answer(JsonNode filter, long head) {
    long from = bound(filter.path("fromBlock"), head);
    long to = bound(filter.path("toBlock"), head);
    List<String> wanted = new ArrayList<>();
    JsonNode address = filter.path("address");
    address.forEach(a -> wanted.add(a.asText()));
    return entries.stream()
        .filter(e -> e.block >= from && e.block <= Math.min(to, head))
        .filter(e -> wanted.isEmpty() || wanted.contains(address(e.address)))
        .map(Entry::json)
        .toList();
  }

  static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  static long bound(JsonNode bound, long head) {
    return bound.isTextual() && bound.asText().startsWith("0x")
        ? Long.decode(bound.asText())
        : head;
  }
}
