import { isTrafficCall } from '../traffic/records.ts';
import type { MachineTime, TrafficBegin, TrafficCall, TrafficEnd, TrafficRecord } from '../traffic/records.ts';
import { CallColumns } from './call-columns.ts';
import { LineReader } from './lines.ts';
import { StoredCall, StoredCalls } from './stored-calls.ts';

/** Other records than calls are few. */
type Other = Exclude<TrafficRecord, TrafficCall>;

/** The history of the traffic of an experiment, read back. Ten million calls take some 200 MB. */
export class TrafficLog implements Iterable<TrafficRecord> {
  readonly #columns = new CallColumns();
  /** Each with how many calls stand before it. */
  readonly #others: { record: Other; calls: number }[] = [];
  readonly calls = new StoredCalls(this.#columns);

  static of(records: Iterable<TrafficRecord>): TrafficLog {
    if (records instanceof TrafficLog) return records;
    const log = new TrafficLog();
    for (const record of records) log.#take(record);
    return log;
  }

  /** Empty when there is no such file; a last line that was cut off by a kill is left out. @throws SyntaxError when a line is damaged. */
  static read(file: string): TrafficLog {
    const log = new TrafficLog();
    new LineReader(file).read((line) => {
      if (!log.#columns.takeLine(line)) log.#take(JSON.parse(line) as TrafficRecord);
    });
    return log;
  }

  get begin(): TrafficBegin | undefined {
    return this.#others.map(({ record }) => record).find((record) => record.type === 'traffic');
  }

  /** Undefined when the observer was cut off. */
  get end(): TrafficEnd | undefined {
    return this.#others.map(({ record }) => record).findLast((record) => record.type === 'traffic-end');
  }

  get machine(): MachineTime[] {
    return this.#others.map(({ record }) => record).filter((record) => record.type === 'machine');
  }

  /** Number of the line that has the record, from 1 on; 0 for one that is not of this history. */
  lineOf(record: TrafficRecord): number {
    if (record instanceof StoredCall) {
      return record.row + 1 + this.#others.filter(({ calls }) => calls <= record.row).length;
    }
    const index = this.#others.findIndex((other) => other.record === record);
    return index + 1 + (this.#others[index]?.calls ?? 0);
  }

  /** What stands in a line, from 1 on. */
  record(line: number): TrafficRecord | undefined {
    const before = this.#others.filter(({ calls }, index) => calls + index < line - 1).length;
    const next = this.#others[before];
    if (next !== undefined && next.calls + before === line - 1) return next.record;
    const row = line - 1 - before;
    return row < 0 || row >= this.#columns.rows ? undefined : this.#call(row);
  }

  *[Symbol.iterator](): Generator<TrafficRecord> {
    let row = 0;
    for (const { record, calls } of this.#others) {
      for (; row < calls; row++) yield this.#call(row);
      yield record;
    }
    for (; row < this.#columns.rows; row++) yield this.#call(row);
  }

  #take(record: TrafficRecord): void {
    if (isTrafficCall(record)) this.#columns.take(record);
    else this.#others.push({ record, calls: this.#columns.rows });
  }

  /** The record as it was written. */
  #call(row: number): TrafficCall {
    const columns = this.#columns;
    const own = { id: columns.id(row), due: columns.due(row), start: columns.start(row), end: columns.end(row) };
    return { ...columns.shape(row), ...own };
  }
}
