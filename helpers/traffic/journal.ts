import { createWriteStream, mkdirSync } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { dirname } from 'node:path';
import type { Redactor } from '../kubernetes/redact.ts';
import type { TrafficRecord } from './records.ts';

/** How much may be lost when the observer is killed, in ms; writing each line at once would cost it its punctuality. */
const FLUSH_EVERY_MS = 250;

/** Writes `traffic.jsonl` in batches. */
export class Journal {
  readonly #stream: WriteStream;
  readonly #timer: NodeJS.Timeout;
  readonly #redactor: Redactor;
  #lines: string[] = [];

  constructor(file: string, redactor: Redactor) {
    this.#redactor = redactor;
    mkdirSync(dirname(file), { recursive: true });
    this.#stream = createWriteStream(file);
    this.#timer = setInterval(() => {
      this.#flush();
    }, FLUSH_EVERY_MS);
  }

  append(record: TrafficRecord): void {
    // What a served call said is not kept: to look at those would cost the observer time at which others come due.
    const isTold = record.type === 'call' && (record.error !== undefined || record.result !== undefined);
    this.#lines.push(JSON.stringify(isTold ? this.#redactor.value(record) : record));
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
