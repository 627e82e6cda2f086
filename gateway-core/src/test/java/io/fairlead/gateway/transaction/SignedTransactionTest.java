package io.fairlead.gateway.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.Hash;
import org.web3j.rlp.RlpEncoder;
import org.web3j.rlp.RlpList;
import org.web3j.rlp.RlpString;

class SignedTransactionTest {
  /** The signed example of EIP-155. */
  private static final String EIP_155 =
      "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a7640000802"
          + "5a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761a"
          + "ecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83";

  private static SignedTransaction parsed(byte[] raw) {
    SignedTransaction parsed = SignedTransaction.parse(raw);
    assertNotNull(parsed);
    return parsed;
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 127, 128, 255, 256, 70_000, Long.MAX_VALUE})
  void eachKindNamesItsNonceItsChainAndItsSender(long nonce) {
    List<byte[]> kinds =
        List.of(
            Signed.gift(Signed.ACCOUNT, 31_337, nonce),
            Signed.legacy(31_337, nonce),
            Signed.accessList(31_337, nonce));
    for (byte[] raw : kinds) {
      SignedTransaction transaction = parsed(raw);
      assertEquals(nonce, transaction.nonce());
      assertEquals(OptionalLong.of(31_337), transaction.chainId());
      assertEquals(Signed.ACCOUNT.getAddress(), transaction.sender());
      assertEquals(HexFormat.of().formatHex(Hash.sha3(raw)), transaction.hash().substring(2));
    }
  }

  @Test
  void aTransactionFromBeforeEip155IsForAnyChain() {
    SignedTransaction transaction = parsed(Signed.legacy(0, 3));
    assertEquals(OptionalLong.empty(), transaction.chainId());
    assertEquals(Signed.ACCOUNT.getAddress(), transaction.sender());
  }

  @Test
  void theExampleOfEip155IsUnderstood() {
    SignedTransaction transaction = parsed(HexFormat.of().parseHex(EIP_155));
    assertEquals(9, transaction.nonce());
    assertEquals(OptionalLong.of(1), transaction.chainId());
    assertEquals("0x9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f", transaction.sender());
  }

  @Test
  void manySendersAreFound() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 40; i++) {
      byte[] key = new byte[32];
      random.nextBytes(key);
      var account = Credentials.create(HexFormat.of().formatHex(key));
      assertEquals(account.getAddress(), parsed(Signed.gift(account, 1, i)).sender(), "key " + i);
    }
  }

  @Test
  void anotherSignatureIsNotTheSenders() {
    byte[] raw = Signed.gift(Signed.ACCOUNT, 1, 0);
    raw[raw.length - 1] ^= 1;
    assertNotEquals(Signed.ACCOUNT.getAddress(), parsed(raw).sender());
  }

  @Test
  void aSignatureAboveHalfTheOrderHasNoSender() {
    byte[] raw = Signed.gift(Signed.ACCOUNT, 1, 0);
    raw[raw.length - 32] |= (byte) 0x80;
    assertNull(parsed(raw).sender());
  }

  @Test
  void aBlobTransactionIsReadThroughItsSidecar() {
    RlpString number = RlpString.create(5);
    RlpList payload =
        new RlpList(
            RlpString.create(1),
            RlpString.create(9),
            number,
            number,
            number,
            RlpString.create(new byte[20]),
            number,
            RlpString.create(new byte[0]),
            new RlpList(),
            number,
            new RlpList(),
            RlpString.create(1),
            number,
            number);
    RlpList sent = new RlpList(payload, new RlpList(), new RlpList(), new RlpList());
    for (RlpList list : List.of(payload, sent)) {
      byte[] rlp = RlpEncoder.encode(list);
      byte[] raw = new byte[rlp.length + 1];
      raw[0] = 3;
      System.arraycopy(rlp, 0, raw, 1, rlp.length);
      SignedTransaction transaction = parsed(raw);
      assertEquals(9, transaction.nonce());
      assertEquals(OptionalLong.of(1), transaction.chainId());
    }
  }

  @Test
  void whatIsCutOrLongerIsNoTransaction() {
    for (byte[] raw : List.of(Signed.gift(Signed.ACCOUNT, 1, 0), Signed.legacy(1, 0))) {
      for (int length = 0; length < raw.length; length++) {
        assertNull(SignedTransaction.parse(Arrays.copyOf(raw, length)), "length " + length);
      }
      assertNull(SignedTransaction.parse(Arrays.copyOf(raw, raw.length + 1)));
    }
  }

  @Test
  void spoiltBytesNeverFail() {
    SplittableRandom random = new SplittableRandom(11);
    byte[] whole = Signed.gift(Signed.ACCOUNT, 1, 200);
    for (int i = 0; i < 20_000; i++) {
      byte[] raw = Arrays.copyOf(whole, whole.length);
      for (int spoilt = random.nextInt(1, 4); spoilt > 0; spoilt--) {
        raw[random.nextInt(Math.min(raw.length, 40))] = (byte) random.nextInt();
      }
      SignedTransaction.parse(raw);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "00", "01", "7e", "7ec0", "80", "c0", "c180", "05c0", "02c0", "ff"})
  void whatIsNoTransactionIsNotUnderstood(String hex) {
    assertNull(SignedTransaction.parse(HexFormat.of().parseHex(hex)));
  }
}
