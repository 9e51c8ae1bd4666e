import { LineReader } from '../history/lines.ts';
import { isTrafficCall } from '../traffic/records.ts';
import type { TrafficCall, TrafficRecord } from '../traffic/records.ts';

/** Reads the history of the traffic while it is being written: what stands there is what verdicts will be drawn from. */
export class LiveTraffic {
  readonly #lines: LineReader;

  constructor(file: string) {
    this.#lines = new LineReader(file);
  }

  /** The calls that were written since the last time. */
  read(): TrafficCall[] {
    const calls: TrafficCall[] = [];
    this.#lines.read((line) => {
      const record = JSON.parse(line) as TrafficRecord;
      if (isTrafficCall(record)) calls.push(record);
    });
    return calls;
  }
}
