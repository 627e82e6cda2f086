package io.fairlead.gateway.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuickAccountTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 77, 1L << 40})
  void itsSignaturesAreItsOwn(long key) {
    QuickAccount account = new QuickAccount(key);
    for (long nonce = 0; nonce < 8; nonce++) {
      QuickAccount.Made made = account.gift(1, nonce);
      SignedTransaction read =
          Objects.requireNonNull(
              SignedTransaction.parse(HexFormat.of().parseHex(made.raw().substring(2))));
      assertEquals(account.address(), read.sender());
      assertEquals(nonce, read.nonce());
      assertEquals(made.hash(), read.hash());
    }
  }
}
