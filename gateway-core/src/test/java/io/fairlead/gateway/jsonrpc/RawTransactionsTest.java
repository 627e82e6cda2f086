package io.fairlead.gateway.jsonrpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.web3j.crypto.Hash;
import org.web3j.rlp.RlpEncoder;
import org.web3j.rlp.RlpList;
import org.web3j.rlp.RlpString;
import org.web3j.rlp.RlpType;

class RawTransactionsTest {
  /** The signed example of EIP-155. */
  private static final String EIP_155 =
      "0xf86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a7640000802"
          + "5a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761a"
          + "ecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83";

  private static String hash(String parameter) {
    Calls call = Calls.of("eth_sendRawTransaction", "[" + parameter + "]");
    String hash = RawTransactions.hash(call.body(), call.spans());
    return hash == null ? "none" : hash;
  }

  private static String hash(byte[] raw) {
    return hash("\"0x" + HexFormat.of().formatHex(raw) + "\"");
  }

  private static byte[] typed(int type, RlpType content) {
    ByteArrayOutputStream raw = new ByteArrayOutputStream();
    raw.write(type);
    raw.writeBytes(
        RlpEncoder.encode(content instanceof RlpList list ? list : new RlpList(content)));
    return raw.toByteArray();
  }

  private static RlpList payload(int dataBytes) {
    return new RlpList(
        RlpString.create(1),
        RlpString.create(7),
        RlpString.create(new byte[dataBytes]),
        new RlpList());
  }

  private static RlpString zeros(int bytes) {
    return RlpString.create(new byte[bytes]);
  }

  @Test
  void aLegacyTransactionHashesWhole() {
    assertEquals(
        "0x33469b22e9f636356c4160a87eb19df52b7412e8eac32a4a55ffe88ea8350788",
        hash("\"" + EIP_155 + "\""));
    assertEquals(Hash.sha3(EIP_155), hash("\"" + EIP_155.replace('f', 'F') + "\""));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 0x7e})
  void aTypedTransactionHashesWithItsType(int type) {
    byte[] raw = typed(type, payload(40));
    assertEquals(HexFormat.of().formatHex(Hash.sha3(raw)), hash(raw).substring(2));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 40, 300, 70_000})
  void aBlobTransactionHashesWithoutItsSidecar(int dataBytes) {
    String inBlock = hash(typed(3, payload(dataBytes)));
    RlpList blobs = new RlpList(zeros(131_072));
    RlpList proofs = new RlpList(zeros(48), zeros(48));
    byte[] sent = typed(3, new RlpList(payload(dataBytes), blobs, proofs, proofs));
    byte[] versioned =
        typed(3, new RlpList(payload(dataBytes), RlpString.create(1), blobs, proofs, proofs));
    assertEquals(inBlock, hash(sent));
    assertEquals(inBlock, hash(versioned));
    assertNotEquals(inBlock, "0x" + HexFormat.of().formatHex(Hash.sha3(sent)));
  }

  @Test
  void aCutBlobTransactionHasNoHash() {
    byte[] sent = typed(3, new RlpList(payload(300), new RlpList(zeros(1_000))));
    for (int length = 6; length < 300; length += 7) {
      assertNull(RawTransactions.hash(Arrays.copyOf(sent, length)), "length " + length);
    }
  }

  @Test
  void oddBlobBytesAreHashedAndDoNotFail() {
    for (String raw :
        List.of(
            "03",
            "0300",
            "03c0",
            "03f8",
            "03ff",
            "03c1c0",
            "03c1ff",
            "03f7",
            "03f8c0ffffffffffffffff")) {
      RawTransactions.hash(HexFormat.of().parseHex(raw));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "1",
        "\"\"",
        "\"0x\"",
        "\"0x1\"",
        "\"0xzz\"",
        "\"1234\"",
        "{}",
        "\"0x\\u0030\\u0030\"",
        "\"0x12 \""
      })
  void whatIsNoHexHasNoHash(String parameter) {
    assertEquals("none", hash(parameter));
  }
}
