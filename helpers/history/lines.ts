import { closeSync, existsSync, openSync, readSync } from 'node:fs';

/** Bytes that are read at once; texts of that length are gone as soon as nobody looks at them any more. */
const CHUNK = 1 << 16;
const NEWLINE = 0x0a;

/** Reads the lines of a file that may be long, and may still grow. Half a line stays until the rest of it comes. */
export class LineReader {
  readonly #file: string;
  #position = 0;
  /** What was read and not handed over yet lies at its beginning. */
  #buffer = Buffer.alloc(0);
  #held = 0;

  constructor(file: string) {
    this.#file = file;
  }

  /** Hands over every whole line that was written since the last time, but for blank ones; none where there is no such file. */
  read(take: (line: string) => void): void {
    if (!existsSync(this.#file)) return;
    const handle = openSync(this.#file, 'r');
    try {
      for (;;) {
        this.#makeRoom();
        const bytes = readSync(handle, this.#buffer, this.#held, CHUNK, this.#position);
        if (bytes === 0) return;
        this.#position += bytes;
        this.#held += bytes;
        for (const line of this.#whole().split('\n')) if (line !== '') take(line);
      }
    } finally {
      closeSync(handle);
    }
  }

  #makeRoom(): void {
    if (this.#buffer.length - this.#held >= CHUNK) return;
    this.#buffer = Buffer.concat([this.#buffer.subarray(0, this.#held)], 2 * (this.#held + CHUNK));
  }

  /** The whole lines. A letter of several bytes may be cut in two at the end of what was read, but not at the end of a line. */
  #whole(): string {
    const end = this.#buffer.subarray(0, this.#held).lastIndexOf(NEWLINE) + 1;
    const text = this.#buffer.toString('utf8', 0, end);
    this.#buffer.copyWithin(0, end, this.#held);
    this.#held -= end;
    return text;
  }
}
