package io.fairlead.gateway.soak;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.gateway.testing.WebSocketClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Clients that behave: HTTP/1.1 and HTTP/2, plain and over TLS, and WebSocket; each answer is
 * judged.
 *
 * <p>Thread-safety: safe.
 */
final class Callers implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** One connection of HTTP/2 takes 100; the rest is for what is called off. */
  private static final int MOST_IN_FLIGHT = 70;

  private final List<Caller> callers;
  private final List<SocketCaller> sockets;
  private final Questions questions;
  private final Upstreams upstreams;
  private final Findings findings;
  private final Random random;
  private final AtomicLong inFlight = new AtomicLong();
  private int turn;

  /** A library's client of one gateway. */
  private record Caller(String name, URI gateway, HttpClient http, AtomicLong inFlight) {
    /**
     * Whether it may leave an answer. The JDK's client (17) never gives back the window of an
     * HTTP/2 connection that what it left had taken: after 100 MiB nothing can reach it any more.
     */
    boolean mayLeave() {
      return http.version() == Version.HTTP_1_1;
    }

    boolean isBusy() {
      return inFlight.get() >= MOST_IN_FLIGHT;
    }
  }

  /** A WebSocket of one gateway. */
  private record SocketCaller(String name, WebSocketClient socket) {}

  /**
   * Clients of a plain gateway and of one that speaks TLS.
   *
   * @param plain the one
   * @param secure the other
   * @param tls what trusts its certificate
   * @param asked what is asked, of whom
   * @param threads where answers are judged
   */
  Callers(Gateway plain, Gateway secure, SSLContext tls, Asked asked, ExecutorService threads) {
    this.questions = asked.questions;
    this.upstreams = asked.upstreams;
    this.findings = asked.findings;
    this.random = asked.random;
    callers =
        List.of(
            caller("plain HTTP/1.1", plain, null, Version.HTTP_1_1, threads),
            caller("plain HTTP/2", plain, null, Version.HTTP_2, threads),
            caller("TLS HTTP/1.1", secure, tls, Version.HTTP_1_1, threads),
            caller("TLS HTTP/2", secure, tls, Version.HTTP_2, threads));
    sockets =
        List.of(
            new SocketCaller(
                "plain WebSocket",
                new WebSocketClient(
                    callers.get(0).http, plain.webSocket("/world"), notified -> {})),
            new SocketCaller(
                "TLS WebSocket",
                new WebSocketClient(
                    callers.get(2).http, secure.webSocket("/world"), notified -> {})));
  }

  /**
   * What is asked of whom.
   *
   * @param questions of the simulated chain
   * @param upstreams all that is asked
   * @param findings hears of each answer
   * @param random decides
   */
  record Asked(Questions questions, Upstreams upstreams, Findings findings, Random random) {}

  private static Caller caller(
      String name,
      Gateway gateway,
      @Nullable SSLContext tls,
      Version version,
      ExecutorService threads) {
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(version).connectTimeout(PATIENCE).executor(threads);
    if (tls != null) {
      builder.sslContext(tls);
    }
    return new Caller(name, gateway.http(), builder.build(), new AtomicLong());
  }

  /** Asks one question by one of the clients in turn. */
  synchronized void ask() {
    turn++;
    Question question = turn % 10 == 0 ? pushed() : questions.next();
    if (turn % 6 < callers.size()) {
      Caller caller = callers.get(turn % 6);
      ask(caller.isBusy() ? callers.get(turn % 6 / 2 * 2) : caller, question);
    } else if (question.path().equals("/world") && question.body().startsWith("{")) {
      ask(sockets.get(turn % 6 - callers.size()), question);
    } else {
      ask(callers.get(0), question);
    }
  }

  /** A block of the chain that pushes. */
  private Question pushed() {
    long number = upstreams.push().head() - random.nextInt(200) - 3;
    String body =
        String.format(
            Locale.ROOT,
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_getBlockByNumber\",\"params\":[\"0x%x\",false]}",
            number);
    String hash = String.format(Locale.ROOT, "0x%064x", number);
    return new Question(
        "/push", body, answer -> answer.path("result").path("hash").asText().equals(hash));
  }

  private void ask(Caller caller, Question question) {
    inFlight.incrementAndGet();
    caller.inFlight.incrementAndGet();
    caller
        .http
        .sendAsync(post(caller, question), HttpResponse.BodyHandlers.ofString())
        .whenComplete(
            (answer, failure) -> {
              inFlight.decrementAndGet();
              caller.inFlight.decrementAndGet();
              if (failure != null) {
                findings.onFailed(caller.name, question + ": " + failure);
              } else {
                judge(caller.name, question, answer.statusCode(), answer.body());
              }
            });
  }

  private void ask(SocketCaller caller, Question question) {
    inFlight.incrementAndGet();
    JsonNode id = Questions.parse(question.body()).get("id");
    CompletableFuture<String> answer = caller.socket.send("" + id, question.body());
    answer
        .orTimeout(PATIENCE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS)
        .whenComplete(
            (text, failure) -> {
              inFlight.decrementAndGet();
              if (failure != null) {
                findings.onFailed(caller.name, question + ": " + failure);
              } else {
                judge(caller.name, question, 200, text);
              }
            });
  }

  private static HttpRequest post(Caller caller, Question question) {
    return HttpRequest.newBuilder(caller.gateway.resolve(question.path()))
        .timeout(PATIENCE)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(question.body()))
        .build();
  }

  private void judge(String client, Question question, int status, String text) {
    try {
      JsonNode answer = Questions.parse(text);
      if (status == 200 && question.isRight().test(answer)) {
        findings.onRight(client);
      } else if (status != 200 || text.contains("\"error\":")) {
        findings.onFailed(client, question + ": " + status + ' ' + start(text));
      } else {
        findings.onWrong(client, question + ": " + start(text));
      }
    } catch (RuntimeException e) {
      findings.onWrong(client, question + ": " + status + ' ' + start(text) + ": " + e);
    }
  }

  private static String start(String text) {
    return text.substring(0, Math.min(text.length(), 400));
  }

  /**
   * Asks for an answer of 2 MiB, reads it piece by piece, and now and then leaves in the middle.
   */
  synchronized void askMuch() {
    Caller caller = callers.get(random.nextInt(callers.size()));
    Question question = much(upstreams.big(), random);
    boolean leaves = caller.mayLeave() && random.nextInt(4) == 0;
    inFlight.incrementAndGet();
    caller
        .http
        .sendAsync(post(caller, question), HttpResponse.BodyHandlers.ofInputStream())
        .whenComplete(
            (answer, failure) -> {
              String name = caller.name + ", 2 MiB";
              try {
                if (failure != null) {
                  findings.onFailed(name, "" + failure);
                } else {
                  read(name, answer, leaves ? Upstreams.BIG_BYTES / 3 : Long.MAX_VALUE);
                }
              } finally {
                inFlight.decrementAndGet();
              }
            });
  }

  /** A question with an answer of 2 MiB. */
  static Question much(io.fairlead.gateway.testing.PushNode big, Random random) {
    String hash = String.format(Locale.ROOT, "0x%064x", big.head() - random.nextInt(500));
    return new Question(
        "/big",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_getLogs\",\"params\":[{\"blockHash\":\""
            + hash
            + "\"}]}",
        answer -> true);
  }

  private void read(String name, HttpResponse<InputStream> answer, long most) {
    try (InputStream body = answer.body()) {
      byte[] piece = new byte[1 << 16];
      long bytes = 0;
      for (int length = body.read(piece); length >= 0; length = body.read(piece)) {
        bytes += length;
        if (bytes > most) {
          findings.onRight(name + ", left");
          return;
        }
      }
      if (bytes > Upstreams.BIG_BYTES && answer.statusCode() == 200) {
        findings.onRight(name);
      } else {
        String start = new String(piece, 0, 200, StandardCharsets.UTF_8);
        findings.onFailed(name, answer.statusCode() + ", " + bytes + " bytes: " + start.strip());
      }
    } catch (IOException e) {
      findings.onFailed(name, "" + e);
    }
  }

  /** Calls something off that has been asked. */
  synchronized void callOff() {
    Caller caller = callers.get(random.nextInt(callers.size()));
    CompletableFuture<HttpResponse<String>> answer =
        caller.http.sendAsync(post(caller, questions.next()), HttpResponse.BodyHandlers.ofString());
    CompletableFuture.delayedExecutor(
            random.nextInt(50), java.util.concurrent.TimeUnit.MILLISECONDS)
        .execute(() -> answer.cancel(true));
  }

  /** Questions that wait for answers. */
  long inFlight() {
    return inFlight.get();
  }

  @Override
  public void close() {
    sockets.forEach(caller -> caller.socket.close());
  }
}
