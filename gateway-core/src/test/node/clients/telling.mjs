// What every script that waits for news shares: one JSON line on standard output for each thing told.

const say = (line) => process.stdout.write(JSON.stringify(line, (_, v) => (typeof v === 'bigint' ? Number(v) : v)) + '\n');

/** The client stands and has subscribed. */
export const ready = () => say({ event: 'ready' });

/** A block: number, and hash and parentHash if the library gives them. */
export const head = (block) => say({ event: 'head', ...block });

/** A log: address, blockNumber, blockHash, logIndex, removed. */
export const log = (entry) => say({ event: 'log', ...entry });

/** Something that must not happen. */
export const trouble = (what) => say({ event: 'trouble', text: String(what?.stack ?? what) });

// The script lives as long as whoever started it.
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
process.on('unhandledRejection', trouble);
process.on('uncaughtException', trouble);
