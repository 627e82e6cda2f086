// A viem client without retries of its own: node viem.mjs URL CHAIN-ID PRIVATE-KEY
import { createPublicClient, createWalletClient, decodeEventLog, defineChain, encodeFunctionData, getContractAddress, http, parseAbi } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { Head, counter, expect, serve } from './rounds.mjs';

const [url, chainId, key] = process.argv.slice(2);
const chain = defineChain({
  id: Number(chainId),
  name: 'test',
  nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
  rpcUrls: { default: { http: [url] } },
});
const transport = http(url, { retryCount: 0, batch: { wait: 2 } });
const account = privateKeyToAccount(key);
const client = createPublicClient({ chain, transport, pollingInterval: 50, cacheTime: 0 });
const wallet = createWalletClient({ chain, transport, account });
const abi = parseAbi(counter.abi);
const head = new Head();
const friend = getContractAddress({ from: account.address, nonce: 1_000_000n });
let address;
let transactions = 0;
let increments = 0n;
let gifts = 0n;

const read = (functionName) => client.readContract({ address, abi, functionName });

await serve(async () => {
  if (!address) {
    transactions = await client.getTransactionCount({ address: account.address });
    const hash = await wallet.deployContract({ abi, bytecode: counter.bytecode });
    address = (await client.waitForTransactionReceipt({ hash })).contractAddress;
    transactions++;
  }
  for (let i = 0; i < 3; i++) {
    const hash = await wallet.writeContract({ address, abi, functionName: 'increment' });
    const receipt = await client.waitForTransactionReceipt({ hash });
    transactions++;
    increments++;
    expect('receipt hash', receipt.transactionHash, hash);
    expect('receipt status', receipt.status, 'success');
    expect('logged count', decodeEventLog({ abi, ...receipt.logs[0] }).args.count, increments);
    expect('count', await read('count'), increments);
    head.saw(await client.getBlockNumber());
  }
  const hash = await wallet.sendTransaction({ to: friend, value: 7n });
  await client.waitForTransactionReceipt({ hash });
  transactions++;
  gifts += 7n;
  const reverted = read('fail').then(() => 'no error', (error) => error.cause?.reason);
  const [balance, nonce, count, code, block, network, reason, blob] = await Promise.all([
    client.getBalance({ address: friend }),
    client.getTransactionCount({ address: account.address }),
    read('count'),
    client.getCode({ address }),
    client.getBlock(),
    client.getChainId(),
    reverted,
    client.call({ to: address, data: encodeFunctionData({ abi, functionName: 'blob', args: [4096n] }) }),
  ]);
  expect('balance', balance, gifts);
  expect('nonce', nonce, transactions);
  expect('count', count, increments);
  expect('code', counter.bytecode.endsWith(code.slice(2)), true);
  expect('chain id', network, Number(chainId));
  expect('revert reason', reason, 'refused on purpose');
  expect('blob', blob.data, '0x' + '00'.repeat(4096));
  head.saw(block.number);
  return { transactions, count: Number(count), block: head.highest };
});
