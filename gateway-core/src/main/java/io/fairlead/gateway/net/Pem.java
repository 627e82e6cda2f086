package io.fairlead.gateway.net;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One block of a PEM file, and as little of DER as it takes to make a PKCS #8 key of an older one.
 *
 * <p>Source: RFC 7468; RFC 5958 for PKCS #8, RFC 8017 for PKCS #1 and RFC 5915 for SEC 1 keys.
 */
final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN (?<label>[A-Z0-9 ]{1,64})-----(?<body>[^-]*)-----END \\k<label>-----");
  private static final byte SEQUENCE = 0x30;
  private static final byte OCTETS = 0x04;
  private static final byte[] VERSION = {0x02, 0x01, 0x00};

  private final String label;
  private final byte[] der;

  private Pem(String label, byte[] der) {
    this.label = label;
    this.der = der;
  }

  /**
   * The blocks of a file in order; text between them is skipped.
   *
   * @throws IllegalArgumentException if a block holds something else than base64, such as an
   *     encrypted key's header; the message repeats nothing of it
   */
  static List<Pem> blocks(byte[] file) {
    List<Pem> blocks = new ArrayList<>();
    Matcher m = BLOCK.matcher(new String(file, StandardCharsets.ISO_8859_1));
    while (m.find()) {
      blocks.add(new Pem(m.group("label"), decode(m.group("body"))));
    }
    return blocks;
  }

  private static byte[] decode(String body) {
    try {
      return Base64.getDecoder().decode(body.replaceAll("\\s", ""));
    } catch (IllegalArgumentException e) {
      // The cause names characters of what may be a key.
      throw new IllegalArgumentException("a block that is not plain base64");
    }
  }

  /** What stands behind {@code BEGIN}. */
  String label() {
    return label;
  }

  /** The bytes; of a key they are secret. */
  byte[] der() {
    return der;
  }

  /** Whether it is a private key of its algorithm alone, without the name of the algorithm. */
  boolean isBareKey() {
    return label.equals("RSA PRIVATE KEY") || label.equals("EC PRIVATE KEY");
  }

  /** Whether it is a private key of any algorithm, not encrypted. */
  boolean isKey() {
    return label.equals("PRIVATE KEY") || isBareKey();
  }

  /**
   * The key as PKCS #8 has it: the algorithm's name, which a bare key lacks, is that of the public
   * key that it belongs to.
   *
   * @param publicKey the public key's X.509 encoding
   */
  byte[] toPkcs8(byte[] publicKey) {
    if (!isBareKey()) {
      return der;
    }
    int inner = contentAt(publicKey, 0);
    byte[] algorithm = Arrays.copyOfRange(publicKey, inner, endOf(publicKey, inner));
    return wrap(SEQUENCE, VERSION, algorithm, wrap(OCTETS, der));
  }

  /** Where the content of the value at an index begins. */
  private static int contentAt(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
  }

  /** Where the value at an index ends. */
  private static int endOf(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    int length = first < 0x80 ? first : 0;
    for (int i = at + 2; i < contentAt(der, at); i++) {
      length = (length << 8) | (der[i] & 0xff);
    }
    return contentAt(der, at) + length;
  }

  private static byte[] wrap(byte tag, byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    byte[] head = {tag, (byte) 0x83, (byte) (length >> 16), (byte) (length >> 8), (byte) length};
    if (length < 0x80) {
      head = new byte[] {tag, (byte) length};
    } else if (length < 0x100) {
      head = new byte[] {tag, (byte) 0x81, (byte) length};
    } else if (length < 0x10000) {
      head = new byte[] {tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
    }
    byte[] whole = Arrays.copyOf(head, head.length + length);
    int at = head.length;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, whole, at, part.length);
      at += part.length;
    }
    return whole;
  }

  @Override
  public String toString() {
    return label;
  }
}
