package io.fairlead.gateway.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The small contract that every client deploys; see {@code src/test/node/counter.json}. */
public final class Counter {
  /** {@code increment()}. */
  public static final String INCREMENT = "0xd09de08a";

  /** {@code count()}. */
  public static final String COUNT = "0x06661abd";

  /** A call that it answers by reverting with a reason. */
  public static final String FAIL = "0xa9cc4718";

  private Counter() {}

  /**
   * What creates it.
   *
   * @return the init code in hexadecimal
   */
  public static String bytecode() {
    try {
      Path home = NodeTools.install();
      return JsonRpcClient.parse(Files.readAllBytes(home.resolve("counter.json")))
          .get("bytecode")
          .asText();
    } catch (IOException | NodeTools.Unavailable e) {
      throw new IllegalStateException("no counter: " + e.getMessage(), e);
    }
  }
}
