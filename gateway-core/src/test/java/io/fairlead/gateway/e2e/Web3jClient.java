package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.Counter;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import org.web3j.crypto.Credentials;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.BatchResponse;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.methods.request.Transaction;
import org.web3j.protocol.core.methods.response.EthBlockNumber;
import org.web3j.protocol.core.methods.response.EthCall;
import org.web3j.protocol.core.methods.response.EthGetBalance;
import org.web3j.protocol.core.methods.response.EthSendTransaction;
import org.web3j.protocol.core.methods.response.TransactionReceipt;
import org.web3j.protocol.exceptions.TransactionException;
import org.web3j.protocol.http.HttpService;
import org.web3j.tx.RawTransactionManager;
import org.web3j.tx.response.PollingTransactionReceiptProcessor;

/** A back end in Java: web3j, with the same round of work as the scripts of ethers and viem. */
final class Web3jClient implements RoundClient {
  private static final BigInteger GAS_PRICE = BigInteger.valueOf(3_000_000_000L);
  private static final BigInteger GAS = BigInteger.valueOf(300_000);
  private static final BigInteger GIFT = BigInteger.valueOf(7);
  private static final String NOBODY = "0x00000000000000000000000000000000000f41e4";

  private final Web3j web3j;
  private final Credentials account;
  private final RawTransactionManager transactions;
  private final PollingTransactionReceiptProcessor receipts;
  private String contract = "";
  private long increments;
  private BigInteger gifts = BigInteger.ZERO;
  private BigInteger head = BigInteger.ZERO;

  Web3jClient(URI url, long chainId, String key) {
    web3j = Web3j.build(new HttpService(url.toString()));
    account = Credentials.create(key);
    transactions = new RawTransactionManager(web3j, account, chainId);
    receipts = new PollingTransactionReceiptProcessor(web3j, 50, 600);
  }

  @Override
  public void round() throws IOException, TransactionException {
    if (contract.isEmpty()) {
      contract = send("", Counter.bytecode(), BigInteger.ZERO).getContractAddress();
    }
    for (int i = 0; i < 3; i++) {
      TransactionReceipt receipt = send(contract, Counter.INCREMENT, BigInteger.ZERO);
      increments++;
      assertEquals(increments, number(receipt.getLogs().get(0).getData()), "logged count");
      assertEquals(increments, number(read(Counter.COUNT).getValue()), "count");
      EthBlockNumber block = web3j.ethBlockNumber().send();
      assertTrue(block.getBlockNumber().compareTo(head) >= 0, "block number went back");
      head = block.getBlockNumber();
    }
    send(NOBODY, "", GIFT);
    gifts = gifts.add(GIFT);
    EthCall reverted = read(Counter.FAIL);
    assertTrue(reverted.isReverted(), "reverted");
    assertTrue(reverted.getRevertReason().contains("refused on purpose"));
    BatchResponse batch =
        web3j
            .newBatch()
            .add(web3j.ethGetBalance(NOBODY, DefaultBlockParameterName.LATEST))
            .add(web3j.ethCall(call(Counter.COUNT), DefaultBlockParameterName.LATEST))
            .add(web3j.ethChainId())
            .send();
    assertEquals(3, batch.getResponses().size());
    assertEquals(gifts, ((EthGetBalance) batch.getResponses().get(0)).getBalance(), "balance");
    assertEquals(increments, number(((EthCall) batch.getResponses().get(1)).getValue()));
  }

  @Override
  public void close() {
    web3j.shutdown();
  }

  private TransactionReceipt send(String to, String data, BigInteger value)
      throws IOException, TransactionException {
    EthSendTransaction sent = transactions.sendTransaction(GAS_PRICE, GAS, to, data, value);
    if (sent.hasError()) {
      throw new IllegalStateException("transaction refused: " + sent.getError().getMessage());
    }
    TransactionReceipt receipt = receipts.waitForTransactionReceipt(sent.getTransactionHash());
    assertTrue(receipt.isStatusOK(), "receipt status");
    assertEquals(sent.getTransactionHash(), receipt.getTransactionHash());
    return receipt;
  }

  private EthCall read(String data) throws IOException {
    return web3j.ethCall(call(data), DefaultBlockParameterName.LATEST).send();
  }

  private Transaction call(String data) {
    return Transaction.createEthCallTransaction(account.getAddress(), contract, data);
  }

  private static long number(String hex) {
    return new BigInteger(hex.substring(2), 16).longValueExact();
  }
}
