package io.fairlead.gateway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Assertions;

/**
 * A client library of the wild, played by a script in Node: it does a round of work for each line
 * it reads, checks every answer itself, and says how it went in one line of JSON.
 *
 * <p>Thread-safety: one round at a time.
 */
public final class ScriptClient implements AutoCloseable {
  private final String name;
  private final Process process;
  private final BufferedReader answers;
  private final Writer words;

  /**
   * A client that is ready for its first round.
   *
   * @param script the script's name under {@code src/test/node/clients}
   * @param url where the client's calls go
   * @param chainId the chain it believes in
   * @param key the account it spends from
   */
  public ScriptClient(String script, URI url, long chainId, String key) {
    this.name = script;
    try {
      this.process = Children.start(NodeTools.script(script, url.toString(), "" + chainId, key));
    } catch (IOException | NodeTools.Unavailable e) {
      throw new IllegalStateException("cannot start " + script + ": " + e.getMessage(), e);
    }
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.words = process.outputWriter(StandardCharsets.UTF_8);
    read();
  }

  /**
   * Plays a round to its end.
   *
   * @return what the client saw; a round with an error fails the test
   */
  public JsonNode round() {
    try {
      words.write("round\n");
      words.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " is gone", e);
    }
    return read();
  }

  @Override
  public void close() {
    Children.kill(process);
  }

  private JsonNode read() {
    try {
      String line = answers.readLine();
      if (line == null) {
        return Assertions.fail(name + " ended");
      }
      JsonNode answer = JsonRpcClient.parse(line.getBytes(StandardCharsets.UTF_8));
      if (!answer.path("ok").asBoolean()) {
        Assertions.fail(name + ": " + answer.path("error").asText());
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(name + " is gone", e);
    }
  }
}
