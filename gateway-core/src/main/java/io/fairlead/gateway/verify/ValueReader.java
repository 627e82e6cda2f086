package io.fairlead.gateway.verify;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON-RPC answer, in any pieces, into a {@link Reading}. Nothing of it is kept but sums,
 * the members of one record, and the text that is being read.
 *
 * <p>Hexadecimal text is compared in small letters; keys in any order; white space and escapes as
 * what they mean.
 *
 * <p>Thread-safety: confined to one event loop. Ownership: buffers stay the caller's.
 */
final class ValueReader {
  private static final int MOST_DEPTH = 256;
  private static final int LONGEST_TEXT = 4 << 20;
  private static final int LONGEST_KEY = 1024;
  private static final int EXCERPT = 14;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MOST_DEPTH)
                  .maxStringLength(LONGEST_TEXT)
                  .maxNameLength(LONGEST_KEY)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  /** An open container. */
  private static final class Frame {
    private long pathHigh;
    private long pathLow;
    private boolean inObject;
    private int index;
    private String member = "";
    private ValueDigest.@Nullable Sum sum;
    private @Nullable Shape shape;
    private boolean isOuter;
    private boolean isTopics;
  }

  private final Asked asked;
  private final KeyedHash hash;
  private final byte[] window;
  private final ValueDigest digest = new ValueDigest();
  private final Records records;
  private final Frame[] frames = new Frame[MOST_DEPTH + 2];
  private final @Nullable JsonParser parser;
  private int depth;
  private boolean broken;
  private boolean hasResult;
  private boolean hasNull;
  private boolean hasError;
  private String excerpt = "";

  // Of the value that comes next: where it belongs.
  private long pathHigh;
  private long pathLow;
  private ValueDigest.@Nullable Sum sum;
  private @Nullable Shape shape;

  /**
   * A reader of one answer.
   *
   * @param asked what was asked
   * @param key of the process
   * @param window room for a piece; used while a piece is read only
   */
  ValueReader(Asked asked, byte[] key, byte[] window) {
    this.asked = asked;
    this.hash = new KeyedHash(key);
    this.window = window;
    this.records = new Records(asked);
    this.parser = newParser();
  }

  private @Nullable JsonParser newParser() {
    try {
      return JSON.createNonBlockingByteArrayParser();
    } catch (IOException e) {
      broken = true;
      return null;
    }
  }

  /** Reads the next piece. */
  void feed(ByteBuf piece) {
    int at = piece.readerIndex();
    JsonParser present = parser;
    while (!broken && present != null && at < piece.writerIndex()) {
      int length = Math.min(window.length, piece.writerIndex() - at);
      piece.getBytes(at, window, 0, length);
      at += length;
      try {
        ((ByteArrayFeeder) present.getNonBlockingInputFeeder()).feedInput(window, 0, length);
        read(present);
      } catch (IOException e) {
        broken = true;
      }
    }
  }

  /** The answer has ended. */
  Reading finish() {
    JsonParser present = parser;
    if (present != null) {
      try (present) {
        if (!broken) {
          present.getNonBlockingInputFeeder().endOfInput();
          read(present);
        }
      } catch (IOException e) {
        broken = true;
      }
    }
    return new Reading(sort(), digest, excerpt, records);
  }

  private Reading.Sort sort() {
    if (broken || depth > 0 || hasResult == hasError) {
      return Reading.Sort.UNREADABLE;
    }
    if (hasError) {
      return Reading.Sort.ERROR;
    }
    return hasNull || records.isPending() ? Reading.Sort.NOTHING_YET : Reading.Sort.RESULT;
  }

  private void read(JsonParser from) throws IOException {
    for (JsonToken token = from.nextToken();
        token != null && token != JsonToken.NOT_AVAILABLE;
        token = from.nextToken()) {
      switch (token) {
        case FIELD_NAME -> frame().member = from.currentName();
        case START_OBJECT, START_ARRAY -> open(token == JsonToken.START_OBJECT);
        case END_OBJECT, END_ARRAY -> close();
        default -> scalar(from, token);
      }
    }
  }

  private Frame frame() {
    return frames[depth - 1];
  }

  private void open(boolean isObject) {
    boolean isTop = depth == 0;
    if (!isTop) {
      arrive(false);
    }
    Shape ofParent = isTop ? null : frame().shape;
    boolean isTopics = !isTop && ofParent == Shape.LOG && frame().member.equals("topics");
    boolean isOuter = depth == 1 || (depth == 2 && !frame().inObject && frame().isOuter);
    Frame next = frames[depth];
    if (next == null) {
      next = new Frame();
      frames[depth] = next;
    }
    depth++;
    next.inObject = isObject;
    next.index = 0;
    next.member = "";
    next.isTopics = isTopics && !isObject;
    next.isOuter = isOuter;
    next.pathHigh = isTop ? 0 : pathHigh;
    next.pathLow = isTop ? 0 : pathLow;
    next.sum = isTop ? null : sum;
    next.shape = isTop ? null : shape;
    if (!isTop) {
      leaf(isObject ? '{' : '[');
    }
  }

  private void close() {
    Frame ended = frame();
    depth--;
    if (depth > 0) {
      if (ended.inObject && ended.shape != null) {
        records.onEnd(ended.shape, ended.isOuter);
      }
    }
  }

  /** Works out where the value that comes next belongs. */
  private void arrive(boolean isNull) {
    Frame at = frame();
    if (depth == 1) {
      arriveInEnvelope(at.member, isNull);
      return;
    }
    sum = at.sum;
    shape = at.shape;
    Shape around = at.shape;
    if (at.inObject && around != null) {
      shape = around.within(at.member);
      switch (around.rule(at.member)) {
        case IGNORED -> sum = null;
        case OPTIONAL -> sum = at.sum == null ? null : digest.optional(around, at.member);
        case REQUIRED -> {}
      }
      if (!isNull) {
        records.onMember(around, at.isOuter, at.member);
      }
    }
    if (sum != null) {
      hash.add(at.pathHigh).add(at.pathLow);
      if (at.inObject) {
        hash.add('k').add(at.member).end();
      } else {
        hash.add('i').add((long) at.index).end();
      }
      pathHigh = hash.high();
      pathLow = hash.low();
    }
    at.index++;
  }

  private void arriveInEnvelope(String member, boolean isNull) {
    sum = null;
    shape = null;
    pathHigh = 0;
    pathLow = 0;
    if (member.equals("result")) {
      hasResult = true;
      hasNull = isNull;
      sum = digest.required();
      shape = asked.shape();
    } else if (member.equals("error") && !isNull) {
      hasError = true;
      sum = digest.required();
      shape = Shape.ERROR;
    }
  }

  private void scalar(JsonParser from, JsonToken token) throws IOException {
    if (depth == 0) {
      broken = true;
      return;
    }
    Frame at = frame();
    boolean isNull = token == JsonToken.VALUE_NULL;
    arrive(isNull);
    if (token == JsonToken.VALUE_STRING) {
      show(from, at);
    }
    if (sum != null && !(isNull && at.inObject)) {
      hashText(from, token, at);
    }
  }

  /** Shows a text to those who examine records, and keeps its beginning if it is the result. */
  private void show(JsonParser from, Frame at) throws IOException {
    boolean isShort = from.getTextLength() <= Records.LONGEST;
    if (at.inObject && at.shape != null) {
      if (isShort) {
        records.onText(at.shape, at.isOuter, at.member, from.getText());
      }
    } else if (at.isTopics && isShort) {
      records.onTopic(from.getText());
    } else if (depth == 1 && at.member.equals("result")) {
      int length = from.getTextLength();
      int shown = Math.min(EXCERPT, length);
      String begun = new String(from.getTextCharacters(), from.getTextOffset(), shown);
      excerpt =
          (Hex.isHex(begun) ? begun : "a text")
              + (shown < length ? ".." : "")
              + " of "
              + length
              + " characters";
    }
  }

  private void hashText(JsonParser from, JsonToken token, Frame at) throws IOException {
    char[] text = from.getTextCharacters();
    int start = from.getTextOffset();
    int end = start + from.getTextLength();
    if (at.inObject && at.shape == Shape.ERROR) {
      start = hexWithin(text, start, end);
    }
    boolean isHex =
        token == JsonToken.VALUE_STRING
            && end - start >= 2
            && text[start] == '0'
            && (text[start + 1] | 0x20) == 'x';
    if (isHex && at.inObject && at.shape != null && at.shape.isPadded(at.member)) {
      start += 2;
      while (start < end - 1 && text[start] == '0') {
        start++;
      }
    }
    hash.add(pathHigh).add(pathLow).add(token == JsonToken.VALUE_STRING ? 's' : 'v');
    hash.add(text, start, end, isHex).end();
    ValueDigest.Sum present = sum;
    if (present != null) {
      present.add(hash);
    }
  }

  /** Some programs write words before what a contract gave back. */
  private static int hexWithin(char[] text, int start, int end) {
    for (int i = start; i + 1 < end; i++) {
      if (text[i] == '0' && text[i + 1] == 'x') {
        return i;
      }
    }
    return end;
  }

  /** A container counts by itself, so that an empty one is not the same as none. */
  private void leaf(char mark) {
    if (depth == 2) {
      excerpt = mark == '{' ? "an object" : "an array";
    }
    ValueDigest.Sum present = sum;
    if (present != null) {
      hash.add(pathHigh).add(pathLow).add(mark).end();
      present.add(hash);
    }
  }
}
