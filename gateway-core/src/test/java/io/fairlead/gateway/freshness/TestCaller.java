package io.fairlead.gateway.freshness;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.gateway.client.Client;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** One client's way to the simulated gateway: one call at a time. */
final class TestCaller {
  final TestGateway gateway;
  final Client client;
  final String name;
  final Book book;
  boolean isBusy;
  private String by = "";
  private boolean wasInTrouble;
  private long startedNanos;

  /** What was asked last, and who answered. */
  String last = "";

  /** Reads a result. */
  interface Reader {
    void read(JsonNode result);
  }

  /** Hears of an error. */
  interface Complaint {
    void hear(String message);
  }

  TestCaller(TestGateway gateway, String name, Book book) {
    this.gateway = gateway;
    this.client = gateway.clients.ofKey(name);
    this.name = name;
    this.book = book;
  }

  void ask(String method, String params, Reader reader) {
    ask(method, params, reader, message -> {});
  }

  void ask(String method, String params, Reader reader, Complaint complaint) {
    book.calls++;
    isBusy = true;
    startedNanos = gateway.loop.nanoTime();
    wasInTrouble = gateway.world.isInTrouble();
    String json =
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"" + method + "\",\"params\":[" + params + "]}";
    gateway.call(
        client,
        json,
        (text, origin) -> {
          isBusy = false;
          book.onAnswer(name, text + origin, gateway.loop.nanoTime());
          checkEnd(method, text);
          last = method + params + origin;
          by = origin.by();
          JsonNode answer = TestWorld.parse(text.getBytes(StandardCharsets.UTF_8));
          if (answer.has("error")) {
            String message = answer.path("error").path("message").asText();
            book.onError(method, message, wasInTrouble || gateway.world.isInTrouble());
            complaint.hear(message);
          } else {
            reader.read(answer.path("result"));
          }
        });
  }

  /** A call ends once, and in time: see {@link TestGateway#TIMEOUT_NANOS}. */
  private void checkEnd(String method, String text) {
    long took = gateway.loop.nanoTime() - startedNanos;
    boolean isInTime = took <= TestGateway.TIMEOUT_NANOS + TestGateway.SWEEP_NANOS;
    book.check(isInTime, "late", name, method + " took " + took + " ns: " + text);
  }

  /** A block of the chain or of a branch. */
  TestBlock block(String hash) {
    TestBlock block = gateway.world.byHash.get(hash);
    return block == null ? Objects.requireNonNull(gateway.world.forked.get(hash), hash) : block;
  }

  void check(boolean holds, String law, String what) {
    book.check(holds, law, name, holds ? what : what + ": " + last);
  }

  /** Whether whoever answered was on a branch of its own, meanwhile, and nobody knew. */
  boolean mayBeAstray() {
    return gateway.isForkUnknownSince(startedNanos, by);
  }

  /**
   * A block that was asked for by its place in the chain.
   *
   * <p>Forgiven are blocks of a branch that whoever answered followed alone, unless that was known
   * when the call was made, for nobody can tell before having looked; and blocks that were replaced
   * a while ago ({@link TestGateway#replacedNanos}), for the same reason. Neither is forgiven to
   * the cache: what it took up meanwhile falls when the branch is known. A replaced block may also
   * be shown while nobody can be reached, and where no probe saw what stands in its place; these
   * are counted.
   */
  void checkPlace(String hash, long number) {
    TestBlock block = gateway.world.byHash.get(hash);
    book.checkBranch(block != null, mayBeAstray(), name + " was shown " + hash + ": " + last);
    if (block != null) {
      check(block.number == number, "block", number + " is " + block.number);
      boolean isDead = !wasInTrouble && block.isDeadSince(startedNanos - gateway.replacedNanos());
      boolean isUnseen = hash.equals(gateway.board.heads().hashOf(block.number));
      book.unseen += isDead && isUnseen ? 1 : 0;
      boolean isWrong = isDead && !isUnseen;
      check(!isWrong, "replaced", "block " + number + " was replaced long ago: " + hash);
    }
  }
}
