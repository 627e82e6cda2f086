package io.fairlead.gateway.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Real answers, and readings of answers. */
final class Answers {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final byte[] KEY = new byte[KeyedHash.KEY_BYTES];

  private Answers() {}

  /** Whole answers to eth_getBlockByNumber. */
  static List<String> blocks() {
    return text("blocks.txt").lines().filter(line -> !line.startsWith("#")).toList();
  }

  /** The whole answer to an eth_getBlockReceipts. */
  static String receipts() {
    return text("receipts.json");
  }

  private static String text(String name) {
    try (InputStream in = Objects.requireNonNull(Answers.class.getResourceAsStream(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ObjectNode tree(String answer) {
    try {
      return (ObjectNode) JSON.readTree(answer);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Asked asked(@Nullable Shape shape) {
    return new Asked(shape, Map.of(), Asked.Scope.HASH, -1);
  }

  static Reading read(@Nullable Shape shape, String answer) {
    return read(asked(shape), answer, Integer.MAX_VALUE);
  }

  static Reading result(@Nullable Shape shape, String json) {
    return read(shape, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":" + json + "}");
  }

  /** Reads an answer in pieces of so many bytes. */
  static Reading read(Asked asked, String answer, int pieceBytes) {
    ValueReader reader = new ValueReader(asked, KEY, new byte[256]);
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < bytes.length; at += Math.min(pieceBytes, bytes.length)) {
      int length = Math.min(pieceBytes, bytes.length - at);
      reader.feed(Unpooled.wrappedBuffer(bytes, at, length));
    }
    return reader.finish();
  }
}
