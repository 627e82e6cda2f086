package io.fairlead.gateway.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.gateway.testing.Anvil;
import io.fairlead.gateway.testing.Counter;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * A real node's chain, which makes a block when the test says so or at a steady pace, with none,
 * one or some logs of a contract in each.
 *
 * <p>Thread-safety: safe.
 */
final class MinedChain implements AutoCloseable {
  private static final int MOST_LOGS_A_BLOCK = 4;

  private final Anvil anvil = Anvil.start(Anvil.CHAIN_ID, "--no-mining");
  private final RandomGenerator random;
  private final String account;
  private final String contract;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("miner", true));
  private final List<ScheduledFuture<?>> mining = new ArrayList<>();

  MinedChain(RandomGenerator random) {
    this.random = random;
    account = anvil.call("eth_accounts").get(0).asText();
    String hash = send(Map.of("from", account, "data", Counter.bytecode()));
    mine();
    JsonNode receipt = anvil.call("eth_getTransactionReceipt", hash);
    contract = receipt.get("contractAddress").asText();
  }

  Anvil anvil() {
    return anvil;
  }

  String contract() {
    return contract;
  }

  /** One block with so many logs. */
  synchronized void block(int logs) {
    for (int i = 0; i < logs; i++) {
      send(Map.of("from", account, "to", contract, "data", Counter.INCREMENT));
    }
    mine();
  }

  /** Makes blocks from now on. */
  void begin(long periodMillis) {
    mining.add(
        thread.scheduleAtFixedRate(
            () -> block(Math.max(0, random.nextInt(-1, MOST_LOGS_A_BLOCK))),
            periodMillis,
            periodMillis,
            TimeUnit.MILLISECONDS));
  }

  /** Makes no more blocks by itself. */
  void pause() {
    mining.forEach(task -> task.cancel(false));
    mining.clear();
  }

  private void mine() {
    anvil.call("evm_mine");
  }

  private String send(Map<String, String> transaction) {
    return anvil.call("eth_sendTransaction", transaction).asText();
  }

  @Override
  public void close() {
    thread.shutdownNow();
    anvil.close();
  }
}
