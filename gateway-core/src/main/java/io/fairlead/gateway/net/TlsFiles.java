package io.fairlead.gateway.net;

import io.fairlead.gateway.config.TlsConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The files of a port's TLS as they are at one moment.
 *
 * <p>Failure: messages name the field and the file and never repeat what is in a key.
 */
final class TlsFiles {
  private static final int MAX_BYTES = 1 << 20;
  private static final int MIN_RSA_BITS = 2048;

  private final String field;
  private final TlsConfig config;
  private final byte[] certificate;
  private final byte[] key;
  private final byte[] clientCa;

  private TlsFiles(String field, TlsConfig config) throws IOException {
    this.field = field;
    this.config = config;
    this.certificate = bytes("certificate", config.certificate());
    this.key = bytes("key", config.key());
    Optional<Path> authorities = config.clientCa();
    this.clientCa = authorities.isPresent() ? bytes("clientCa", authorities.get()) : new byte[0];
  }

  /**
   * Reads all files.
   *
   * @param field the section of the configuration, for messages
   * @throws IOException if one cannot be read
   */
  static TlsFiles read(String field, TlsConfig config) throws IOException {
    return new TlsFiles(field, config);
  }

  private byte[] bytes(String name, Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (IOException e) {
      throw new IOException(
          field + "." + name + ": " + file + " cannot be read (expected: a PEM file)", e);
    }
    if (bytes.length > MAX_BYTES) {
      throw wrong(name, file, "a PEM file of up to 1MiB");
    }
    return bytes;
  }

  /** Differs whenever a byte of a file or the demand for certificates differs. */
  String digest() {
    return digest(certificate, key, clientCa) + config.clientAuth();
  }

  /** Differs whenever others are trusted, or clients must show more. */
  String trustDigest() {
    return digest(clientCa) + config.clientAuth();
  }

  private static String digest(byte[]... parts) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        sha.update(MessageDigest.getInstance("SHA-256").digest(part));
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * What they say.
   *
   * @throws IOException if a file holds something else than it should, or the key belongs to
   *     another certificate
   */
  TlsIdentity toIdentity() throws IOException {
    List<X509Certificate> chain = certificates("certificate", config.certificate(), certificate);
    List<X509Certificate> authorities = List.of();
    if (config.clientCa().isPresent()) {
      authorities = certificates("clientCa", config.clientCa().get(), clientCa);
    }
    return new TlsIdentity(chain, keyOf(chain.get(0).getPublicKey()), authorities);
  }

  private List<X509Certificate> certificates(String name, Path file, byte[] bytes)
      throws IOException {
    List<X509Certificate> found = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (Pem block : Pem.blocks(bytes)) {
        if (block.label().equals("CERTIFICATE")) {
          found.add(
              (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der())));
        }
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(
          field + "." + name + ": " + file + " cannot be understood (expected: X.509 as PEM)", e);
    }
    if (found.isEmpty()) {
      throw wrong(name, file, "at least one BEGIN CERTIFICATE");
    }
    return found;
  }

  private PrivateKey keyOf(PublicKey owner) throws IOException {
    String algorithm = owner.getAlgorithm();
    if (!algorithm.equals("EC") && !algorithm.equals("RSA")) {
      throw wrong("certificate", config.certificate(), "an EC or RSA key, not " + algorithm);
    }
    if (owner instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < MIN_RSA_BITS) {
      throw wrong("certificate", config.certificate(), "2048 bits or more for RSA");
    }
    PrivateKey found = keyOf(keyBlock(), owner);
    if (!isPair(found, owner)) {
      throw wrong(
          "key", config.key(), "the key of the first certificate in " + config.certificate());
    }
    return found;
  }

  private Pem keyBlock() throws IOException {
    try {
      Optional<Pem> block = Pem.blocks(key).stream().filter(Pem::isKey).findFirst();
      if (block.isPresent()) {
        return block.get();
      }
    } catch (IllegalArgumentException e) {
      // Falls through to the message; an encrypted key of the old kind ends here.
    }
    throw wrong("key", config.key(), "BEGIN PRIVATE KEY, without a passphrase");
  }

  private PrivateKey keyOf(Pem block, PublicKey owner) throws IOException {
    try {
      return KeyFactory.getInstance(owner.getAlgorithm())
          .generatePrivate(new PKCS8EncodedKeySpec(block.toPkcs8(owner.getEncoded())));
    } catch (GeneralSecurityException e) {
      // The cause may describe the key.
      throw wrong(
          "key", config.key(), "the key of the first certificate in " + config.certificate());
    }
  }

  private static boolean isPair(PrivateKey key, PublicKey owner) throws IOException {
    String algorithm = "SHA256with" + (owner.getAlgorithm().equals("EC") ? "ECDSA" : "RSA");
    byte[] text = {1, 2, 3};
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(text);
      byte[] signature = signer.sign();
      signer.initVerify(owner);
      signer.update(text);
      return signer.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private IOException wrong(String name, Path file, String expected) {
    return new IOException(field + "." + name + ": " + file + " (expected: " + expected + ")");
  }
}
