import type { Calls } from '../traffic/analysis/calls.ts';
import type { TrafficCall } from '../traffic/records.ts';
import type { CallColumns } from './call-columns.ts';

/** All calls of a history, or some of them by their rows. */
export class StoredCalls implements Calls {
  readonly #columns: CallColumns;
  /** Undefined: all. */
  readonly #rows: Uint32Array | undefined;

  constructor(columns: CallColumns, rows?: Uint32Array) {
    this.#columns = columns;
    this.#rows = rows;
  }

  get length(): number {
    return this.#rows === undefined ? this.#columns.rows : this.#rows.length;
  }

  filter(keep: (call: TrafficCall) => boolean): StoredCalls {
    const { length } = this;
    let [index, kept] = [0, 0];
    const isKept = () => keep(this.#call(this.#row(index)));
    while (index < length && isKept()) index++;
    // Where all are kept, as they often are, no row has to be remembered.
    if (index === length) return this;
    // What is not written to takes no memory.
    const rows = new Uint32Array(length);
    for (; kept < index; kept++) rows[kept] = this.#row(kept);
    for (; index < length; index++) if (isKept()) rows[kept++] = this.#row(index);
    return new StoredCalls(this.#columns, rows.subarray(0, kept));
  }

  find(is: (call: TrafficCall) => boolean): TrafficCall | undefined {
    for (const call of this) if (is(call)) return call;
    return undefined;
  }

  findLast(is: (call: TrafficCall) => boolean): TrafficCall | undefined {
    for (let index = this.length - 1; index >= 0; index--) {
      const call = this.#call(this.#row(index));
      if (is(call)) return call;
    }
    return undefined;
  }

  some(is: (call: TrafficCall) => boolean): boolean {
    return this.find(is) !== undefined;
  }

  *[Symbol.iterator](): Generator<TrafficCall> {
    const { length } = this;
    for (let index = 0; index < length; index++) yield this.#call(this.#row(index));
  }

  #row(index: number): number {
    return this.#rows === undefined ? index : (this.#rows[index] ?? NaN);
  }

  /** Fields that a call does not have are undefined, as those that are left out of a record. */
  #call(row: number): TrafficCall {
    return new StoredCall(this.#columns, row) as TrafficCall;
  }
}

/** One call of a history. It holds nothing itself, so that to look at one costs next to nothing. */
export class StoredCall implements Record<keyof TrafficCall, unknown> {
  readonly #columns: CallColumns;
  readonly row: number;

  constructor(columns: CallColumns, row: number) {
    this.#columns = columns;
    this.row = row;
  }

  get type() {
    return this.#columns.shape(this.row).type;
  }

  get id() {
    return this.#columns.id(this.row);
  }

  get due() {
    return this.#columns.due(this.row);
  }

  get start() {
    return this.#columns.start(this.row);
  }

  get end() {
    return this.#columns.end(this.row);
  }

  get path() {
    return this.#columns.shape(this.row).path;
  }

  get method() {
    return this.#columns.shape(this.row).method;
  }

  get tool() {
    return this.#columns.shape(this.row).tool;
  }

  get outcome() {
    return this.#columns.shape(this.row).outcome;
  }

  get httpStatus() {
    return this.#columns.shape(this.row).httpStatus;
  }

  get error() {
    return this.#columns.shape(this.row).error;
  }

  get servedBy() {
    return this.#columns.shape(this.row).servedBy;
  }

  get protocol() {
    return this.#columns.shape(this.row).protocol;
  }

  get result() {
    return this.#columns.shape(this.row).result;
  }

  get session() {
    return this.#columns.shape(this.row).session;
  }

  get length() {
    return this.#columns.shape(this.row).length;
  }

  get launched() {
    return this.#columns.shape(this.row).launched;
  }

  get reused() {
    return this.#columns.shape(this.row).reused;
  }

  get toolset() {
    return this.#columns.shape(this.row).toolset;
  }

  get clockErrorMs() {
    return this.#columns.shape(this.row).clockErrorMs;
  }
}
