// A viem client that is told of blocks and of a contract's events: node viem-watch.mjs URL CHAIN-ID CONTRACT
import { createPublicClient, defineChain, parseAbi, webSocket } from 'viem';
import { counter } from './rounds.mjs';
import * as tell from './telling.mjs';

const [url, chainId, address] = process.argv.slice(2);
const chain = defineChain({
  id: Number(chainId),
  name: 'test',
  nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
  rpcUrls: { default: { http: [], webSocket: [url] } },
});
const transport = webSocket(url, { retryCount: 0, reconnect: false });
const client = createPublicClient({ chain, transport });
const event = parseAbi(counter.abi).find((entry) => entry.type === 'event');

// The transport's own subscription: watchBlocks would ask for each block again.
await client.transport.subscribe({
  params: ['newHeads'],
  onData: ({ result: { number, hash, parentHash } }) => tell.head({ number: Number(number), hash, parentHash }),
  onError: tell.trouble,
});
client.watchEvent({
  address,
  event,
  poll: false,
  onLogs: (logs) =>
    logs.forEach(({ address, blockNumber, blockHash, logIndex, removed }) =>
      tell.log({ address, blockNumber, blockHash, logIndex, removed }),
    ),
  onError: tell.trouble,
});
tell.ready();
