package io.fairlead.gateway.feed;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A log of a block as subscribers of {@code logs} are told of it.
 *
 * <p>Both ways of telling it are alike but for a few bytes, so that only those are kept twice.
 *
 * <p>Thread-safety: immutable.
 */
public final class Log {
  private static final int BYTES_BESIDES = 250;
  private static final int BYTES_A_TOPIC = 120;

  private final String address;
  private final List<String> topics;
  private final byte[] json;
  private final byte[] removedPart;
  private final int sameBefore;
  private final int sameAfter;

  /**
   * A log.
   *
   * @param address of the contract, {@code 0x} and 40 lower-case digits
   * @param topics each {@code 0x} and 64 lower-case digits, at most four
   * @param json the JSON object with {@code "removed":false}
   * @param removedJson the same with {@code "removed":true}
   */
  public Log(String address, List<String> topics, String json, String removedJson) {
    this(
        address,
        topics,
        json.getBytes(StandardCharsets.UTF_8),
        removedJson.getBytes(StandardCharsets.UTF_8));
  }

  private Log(String address, List<String> topics, byte[] json, byte[] removed) {
    this.address = address;
    this.topics = List.copyOf(topics);
    this.json = json;
    int most = Math.min(this.json.length, removed.length);
    sameBefore = sameBefore(this.json, removed, most);
    sameAfter = sameAfter(this.json, removed, most - sameBefore);
    removedPart = Arrays.copyOfRange(removed, sameBefore, removed.length - sameAfter);
  }

  /** A log whose mark {@code false} stands somewhere in it. */
  static Log withMark(String address, List<String> topics, byte[] json, int start, int end) {
    return new Log(address, topics, json, spliced(json, start, end, "true"));
  }

  /** A log that has no mark; it gets one when it is removed. */
  static Log withoutMark(String address, List<String> topics, byte[] json) {
    int brace = json.length - 1;
    return new Log(address, topics, json, spliced(json, brace, brace, ",\"removed\":true"));
  }

  private static byte[] spliced(byte[] text, int start, int end, String part) {
    byte[] own = part.getBytes(StandardCharsets.US_ASCII);
    byte[] spliced = new byte[start + own.length + text.length - end];
    System.arraycopy(text, 0, spliced, 0, start);
    System.arraycopy(own, 0, spliced, start, own.length);
    System.arraycopy(text, end, spliced, start + own.length, text.length - end);
    return spliced;
  }

  private static int sameBefore(byte[] a, byte[] b, int most) {
    int at = Arrays.mismatch(a, 0, most, b, 0, most);
    return at < 0 ? most : at;
  }

  private static int sameAfter(byte[] a, byte[] b, int most) {
    int same = 0;
    while (same < most && a[a.length - 1 - same] == b[b.length - 1 - same]) {
      same++;
    }
    return same;
  }

  /** The contract's address, in lower case. */
  public String address() {
    return address;
  }

  /** The topics, in lower case. */
  public List<String> topics() {
    return topics;
  }

  /** The JSON object as it is told when its block joins the chain; not to be changed. */
  public byte[] json() {
    return json;
  }

  /** The JSON object as it is told when its block leaves the chain; made anew each time. */
  public byte[] removedJson() {
    byte[] removed = Arrays.copyOf(json, sameBefore + removedPart.length + sameAfter);
    System.arraycopy(removedPart, 0, removed, sameBefore, removedPart.length);
    System.arraycopy(
        json, json.length - sameAfter, removed, sameBefore + removedPart.length, sameAfter);
    return removed;
  }

  /** What it takes of memory, in bytes, roughly. */
  public int bytes() {
    return BYTES_BESIDES + BYTES_A_TOPIC * topics.size() + json.length + removedPart.length;
  }
}
