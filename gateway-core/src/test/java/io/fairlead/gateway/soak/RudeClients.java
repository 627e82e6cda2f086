package io.fairlead.gateway.soak;

import io.fairlead.gateway.testing.RawClient;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Clients that do not behave: they leave in the middle, send what is no request, take an answer in
 * crumbs, or come for one call only.
 *
 * <p>Thread-safety: safe.
 */
final class RudeClients {
  private static final String CALL =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_blockNumber\",\"params\":[]}";
  private static final int WINDOW_BYTES = 8192;
  private static final int CRUMB_BYTES = 1 << 16;

  /** What is no request, and the status of what comes back. */
  @SuppressWarnings("StringConcatToTextBlock") // line ends are what is tried
  private static final List<Bad> BAD =
      List.of(
          new Bad("GET /world HTTP/1.1\r\nHost: a\r\n\r\n", 405),
          new Bad("POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}", 404),
          new Bad("POST /world HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}", 400),
          new Bad(
              "POST /world HTTP/1.1\r\n"
                  + "Host: a\r\n"
                  + "Content-Length: 5\r\n"
                  + "Transfer-Encoding: chunked\r\n\r\n"
                  + "0\r\n\r\n",
              400),
          new Bad("POST /world HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\n12345", 400),
          new Bad("POST /world HTTP/1.1\nHost: a\nContent-Length: 2\n\n{}", 400),
          new Bad(
              "POST /world HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
          new Bad("POST /world HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(40_000) + "\r\n\r\n", 431),
          new Bad("POST /world HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n{", 413),
          new Bad("POST /world HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n{\"id\"", 200),
          new Bad("\u0000\u0001\u0002\u0003\r\n\r\n", 400));

  private final Gateway plain;
  private final Gateway secure;
  private final Upstreams upstreams;
  private final Findings findings;
  private final Random random;

  /** What is sent, and the status that it must get. */
  private record Bad(String request, int status) {}

  RudeClients(
      Gateway plain, Gateway secure, Upstreams upstreams, Findings findings, Random random) {
    this.plain = plain;
    this.secure = secure;
    this.upstreams = upstreams;
    this.findings = findings;
    this.random = random;
  }

  /** Sends what is no request. */
  void sendRubbish() throws IOException {
    Bad bad = BAD.get(random.nextInt(BAD.size()));
    try (RawClient client = new RawClient(plain.http())) {
      client.send(bad.request);
      int status = client.read().status();
      if (status == bad.status) {
        findings.onRight("plain rubbish");
      } else {
        findings.onWrong("plain rubbish", status + " for " + bad.request.lines().toList());
      }
    }
  }

  /** Speaks to TLS in the clear, or says hello and leaves. */
  void knock() throws IOException {
    try (RawClient client = new RawClient(secure.rpc())) {
      client.send(random.nextBoolean() ? "GET / HTTP/1.1\r\n\r\n" : "\u0016\u0003\u0001");
    }
  }

  /** Leaves in the head, in the body, or before the answer. */
  void leave() throws IOException {
    String request =
        "POST /world HTTP/1.1\r\nHost: a\r\nContent-Length: " + CALL.length() + "\r\n\r\n" + CALL;
    int end = random.nextInt(3) == 0 ? request.length() : random.nextInt(request.length());
    try (RawClient client = new RawClient(plain.http())) {
      client.send(request.substring(0, end));
    }
  }

  /** Comes for one call. */
  void comeOnce() throws IOException {
    try (RawClient client = new RawClient(plain.http())) {
      RawClient.Answer answer = client.call("/world", CALL);
      if (answer.status() == 200 && answer.text().contains("\"result\":\"0x")) {
        findings.onRight("plain one call");
      } else {
        findings.onFailed("plain one call", answer.status() + " " + answer.text());
      }
    }
  }

  /** Takes an answer of 2 MiB in crumbs, and leaves now and then before its end. */
  void takeCrumbs(Troubles.Pause pause) throws IOException, InterruptedException {
    long most = random.nextInt(3) == 0 ? Upstreams.BIG_BYTES / 2 : Long.MAX_VALUE;
    try (RawClient client = new RawClient(plain.rpc(), WINDOW_BYTES)) {
      Question question = Callers.much(upstreams.big(), random);
      client.post(question.path(), question.body());
      RawClient.Answer head = client.readHead();
      InputStream body = client.body(head);
      long bytes = 0;
      while (bytes < most) {
        int length = body.readNBytes(CRUMB_BYTES).length;
        bytes += length;
        if (length == 0 || !pause.of(random.nextInt(400), TimeUnit.MILLISECONDS)) {
          break;
        }
      }
      if (head.status() == 200) {
        findings.onRight("plain in crumbs");
      } else {
        findings.onFailed("plain in crumbs", "" + head.status());
      }
    } catch (EOFException e) {
      findings.onFailed("plain in crumbs", "" + e);
    }
  }
}
