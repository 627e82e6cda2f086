// What every client script shares: one JSON line on standard output for each word on standard input.
import fs from 'node:fs';
import readline from 'node:readline';

export const counter = JSON.parse(fs.readFileSync(new URL('../counter.json', import.meta.url)));

export function expect(what, actual, expected) {
  const shown = (value) => JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? `${v}` : v));
  if (shown(actual) !== shown(expected)) {
    throw new Error(`${what}: ${shown(actual)} (expected: ${shown(expected)})`);
  }
}

/** A block number that a client sees never goes down. */
export class Head {
  #highest = 0;

  saw(number) {
    const seen = Number(number);
    if (seen < this.#highest) {
      throw new Error(`block number went from ${this.#highest} to ${seen}`);
    }
    this.#highest = seen;
  }

  get highest() {
    return this.#highest;
  }
}

/** Plays a round for each line read, and says how it went. */
export async function serve(round) {
  const lines = readline.createInterface({ input: process.stdin });
  process.stdout.write(JSON.stringify({ ok: true, event: 'ready' }) + '\n');
  for await (const line of lines) {
    let answer;
    try {
      answer = { ok: true, ...(await round(line)) };
    } catch (error) {
      answer = { ok: false, error: String(error?.stack ?? error) };
    }
    process.stdout.write(JSON.stringify(answer) + '\n');
  }
  process.exit(0);
}
