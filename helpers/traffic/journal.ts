import { createWriteStream, mkdirSync } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { dirname } from 'node:path';
import type { TrafficRecord } from './records.ts';

/** How much may be lost when the observer is killed, in ms; writing each line at once would cost it its punctuality. */
const FLUSH_EVERY_MS = 250;

/** Writes `traffic.jsonl` in batches. */
export class Journal {
  readonly #stream: WriteStream;
  readonly #timer: NodeJS.Timeout;
  #lines: string[] = [];

  constructor(file: string) {
    mkdirSync(dirname(file), { recursive: true });
    this.#stream = createWriteStream(file);
    this.#timer = setInterval(() => {
      this.#flush();
    }, FLUSH_EVERY_MS);
  }

  append(record: TrafficRecord): void {
    this.#lines.push(JSON.stringify(record));
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#flush();
    await new Promise<void>((resolve) => {
      this.#stream.end(resolve);
    });
  }

  #flush(): void {
    if (this.#lines.length === 0) return;
    this.#stream.write(`${this.#lines.join('\n')}\n`);
    this.#lines = [];
  }
}
