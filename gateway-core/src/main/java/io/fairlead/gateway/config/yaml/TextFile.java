package io.fairlead.gateway.config.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What came of reading a file of text that people write. */
public sealed interface TextFile {
  /** The largest file that is read. */
  int MAX_BYTES = 1 << 20;

  /**
   * The file was read.
   *
   * @param value all of it
   */
  record Text(String value) implements TextFile {}

  /**
   * The file was not read.
   *
   * @param position where it stops being text
   * @param message why, and what is expected
   */
  record Unreadable(Position position, String message) implements TextFile {}

  /**
   * Reads a file of UTF-8.
   *
   * @param file the file
   * @param noun what it should be, for messages
   * @return the text, or why there is none
   */
  static TextFile read(Path file, String noun) {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (NoSuchFileException e) {
      return new Unreadable(Position.START, "file: does not exist (expected: " + noun + ")");
    } catch (IOException e) {
      return new Unreadable(Position.START, "file: cannot be read (expected: a readable file)");
    }
    if (bytes.length > MAX_BYTES) {
      return new Unreadable(Position.START, "file: too large (expected: up to 1MiB)");
    }
    return decode(bytes);
  }

  private static TextFile decode(byte[] bytes) {
    CharBuffer text = CharBuffer.allocate(bytes.length + 1);
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), text, true);
    text.flip();
    return result.isError()
        ? new Unreadable(Position.endOf(text.toString()), "file: not text (expected: UTF-8)")
        : new Text(text.toString());
  }
}
