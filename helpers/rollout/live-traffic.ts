import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { isTrafficCall } from '../traffic/records.ts';
import type { TrafficCall, TrafficRecord } from '../traffic/records.ts';

/** Bytes that are read at once. */
const CHUNK = 1 << 20;

/** Reads the history of the traffic while it is being written: what stands there is what verdicts will be drawn from. */
export class LiveTraffic {
  readonly #file: string;
  #position = 0;
  #rest = '';

  constructor(file: string) {
    this.#file = file;
  }

  /** The calls that were written since the last time. */
  read(): TrafficCall[] {
    if (!existsSync(this.#file)) return [];
    const handle = openSync(this.#file, 'r');
    try {
      const buffer = Buffer.alloc(CHUNK);
      const parts: Buffer[] = [];
      for (;;) {
        const bytes = readSync(handle, buffer, 0, CHUNK, this.#position);
        if (bytes === 0) break;
        this.#position += bytes;
        parts.push(Buffer.from(buffer.subarray(0, bytes)));
      }
      return this.#callsIn(Buffer.concat(parts).toString('latin1'));
    } finally {
      closeSync(handle);
    }
  }

  /** Half a line stays until the rest of it comes. Bytes are kept as they are until a line is whole: a letter may be cut in two as well. */
  #callsIn(text: string): TrafficCall[] {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    return lines
      .filter((line) => line !== '')
      .map((line) => JSON.parse(Buffer.from(line, 'latin1').toString()) as TrafficRecord)
      .filter(isTrafficCall);
  }
}
