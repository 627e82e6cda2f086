// An ethers client that is told of blocks and of a contract's events: node ethers-watch.mjs URL CHAIN-ID CONTRACT
import { Contract, WebSocketProvider } from 'ethers';
import { counter } from './rounds.mjs';
import * as tell from './telling.mjs';

const [url, chainId, address] = process.argv.slice(2);
const provider = new WebSocketProvider(url, Number(chainId), { staticNetwork: true });
provider.websocket.onclose = (event) => tell.trouble(`closed with ${event.code} ${event.reason}`);
provider.websocket.onerror = (event) => tell.trouble(event.message);
const contract = new Contract(address, counter.abi, provider);

await provider.on('block', (number) => tell.head({ number }));
await contract.on('Incremented', (_, { log }) =>
  tell.log({
    address: log.address,
    blockNumber: log.blockNumber,
    blockHash: log.blockHash,
    logIndex: log.index,
    removed: log.removed,
  }),
);
tell.ready();
