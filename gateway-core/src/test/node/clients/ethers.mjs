// An ethers client (batches by default): node ethers.mjs URL CHAIN-ID PRIVATE-KEY
import { ContractFactory, JsonRpcProvider, Wallet, getCreateAddress } from 'ethers';
import { Head, counter, expect, serve } from './rounds.mjs';

const [url, chainId, key] = process.argv.slice(2);
const provider = new JsonRpcProvider(url, Number(chainId), {
  staticNetwork: true,
  cacheTimeout: -1,
  pollingInterval: 50,
});
const wallet = new Wallet(key, provider);
const head = new Head();
const friend = getCreateAddress({ from: wallet.address, nonce: 1_000_000 });
let contract;
let transactions = 0;
let increments = 0n;
let gifts = 0n;

await serve(async () => {
  if (!contract) {
    transactions = await provider.getTransactionCount(wallet.address);
    const factory = new ContractFactory(counter.abi, counter.bytecode, wallet);
    contract = await factory.deploy();
    await contract.waitForDeployment();
    transactions++;
  }
  for (let i = 0; i < 3; i++) {
    const sent = await contract.increment();
    const receipt = await sent.wait();
    transactions++;
    increments++;
    expect('receipt hash', receipt.hash, sent.hash);
    expect('receipt status', receipt.status, 1);
    expect('logged count', receipt.logs[0].args.count, increments);
    expect('count', await contract.count(), increments);
    head.saw(await provider.getBlockNumber());
  }
  await (await wallet.sendTransaction({ to: friend, value: 7n })).wait();
  transactions++;
  gifts += 7n;
  const reverted = contract.fail
    .staticCall()
    .then(() => 'no error', (error) => error.reason);
  const [balance, nonce, count, code, block, network, reason, blob] = await Promise.all([
    provider.getBalance(friend),
    provider.getTransactionCount(wallet.address),
    contract.count(),
    provider.getCode(await contract.getAddress()),
    provider.getBlock('latest'),
    provider.send('eth_chainId', []),
    reverted,
    provider.call({ to: await contract.getAddress(), data: contract.interface.encodeFunctionData('blob', [4096]) }),
  ]);
  expect('balance', balance, gifts);
  expect('nonce', nonce, transactions);
  expect('count', count, increments);
  expect('code', counter.bytecode.endsWith(code.slice(2)), true);
  expect('chain id', Number(network), Number(chainId));
  expect('revert reason', reason, 'refused on purpose');
  expect('blob', blob, '0x' + '00'.repeat(4096));
  head.saw(block.number);
  return { transactions, count: Number(count), block: head.highest };
});
