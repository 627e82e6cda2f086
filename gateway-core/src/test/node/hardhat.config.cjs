// The chain of a hardhat node for tests: its id is anvil's too.
module.exports = { networks: { hardhat: { chainId: 31337 } } };
