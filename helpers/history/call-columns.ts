import type { TrafficCall } from '../traffic/records.ts';

/**
 * A call as the observer writes it. Its number and its moments are its own; what is left of the line it shares with many others. Quotes in
 * texts are escaped, so that no text of an answer can be taken for a moment.
 */
const LINE =
  /^(\{"type":"call","id":"[^"\\]*?)(0|[1-9]\d{0,8})(",.*?"due":)(\d+(?:\.\d+)?),"start":(\d+(?:\.\d+)?),"end":(\d+(?:\.\d+)?)(.*)$/;
/** The same of an id: what stands before its number. An id without a number has -1 for it. */
const ID = /^([^"\\]*?)(0|[1-9]\d{0,8})$/;
const NO_NUMBER = -1;

/** Rows that lie together. A power of two, so that a row is found quickly; small, so that a short history takes little. */
const CHUNK_BITS = 12;
const CHUNK_ROWS = 1 << CHUNK_BITS;
/** Stands for moments that are not told in whole microseconds. */
const INEXACT = -(2 ** 31);

/** What a call says beside its own number and moments. `id` is what stands before the number. */
export type Shape = Omit<TrafficCall, 'due' | 'start' | 'end'>;

/** Some rows, column by column. */
class Chunk {
  /** The first call's start, in µs since the epoch. */
  readonly base: number;
  /** When it was sent, in µs since then. */
  readonly start = new Int32Array(CHUNK_ROWS);
  /** How late that was, and how long it took, in µs; `took` is `INEXACT` where whole ones do not tell the moments exactly. */
  readonly late = new Int32Array(CHUNK_ROWS);
  readonly took = new Int32Array(CHUNK_ROWS);
  readonly number = new Int32Array(CHUNK_ROWS);
  readonly shape = new Uint32Array(CHUNK_ROWS);

  constructor(base: number) {
    this.base = base;
  }
}

/**
 * Calls in columns: 20 bytes each, however much they say, since all that is not its own a call shares with those that say the same. As
 * objects they would take twenty times as much.
 */
export class CallColumns {
  #rows = 0;
  readonly #chunks: Chunk[] = [];
  readonly #shapes: Shape[] = [];
  readonly #known = new Map<string, number>();
  readonly #inexact = new Map<number, Pick<TrafficCall, 'due' | 'start' | 'end'>>();

  get rows(): number {
    return this.#rows;
  }

  /** Takes a line of a history in; false when it is none of a call, or not as the observer writes it. */
  takeLine(line: string): boolean {
    const found = LINE.exec(line);
    if (found === null) return false;
    const [, before = '', number, between = '', due, start, end, after = ''] = found;
    this.#take(
      `${before}${between}0,"start":0,"end":0${after}`,
      Number(number),
      Number(due),
      Number(start),
      Number(end),
    );
    return true;
  }

  take(call: TrafficCall): void {
    const [, prefix = call.id, number = NO_NUMBER] = ID.exec(call.id) ?? [];
    const shape = JSON.stringify({ ...call, id: prefix, due: 0, start: 0, end: 0 });
    this.#take(shape, Number(number), call.due, call.start, call.end);
  }

  shape(row: number): Shape {
    const shape = this.#shapes[this.#chunk(row).shape[row % CHUNK_ROWS] ?? -1];
    if (shape === undefined) throw noSuchRow(row);
    return shape;
  }

  id(row: number): string {
    const number = this.#chunk(row).number[row % CHUNK_ROWS] ?? NO_NUMBER;
    const { id } = this.shape(row);
    return number === NO_NUMBER ? id : `${id}${String(number)}`;
  }

  start(row: number): number {
    const { base, start, took } = this.#chunk(row);
    const at = row % CHUNK_ROWS;
    if (took[at] === INEXACT) return this.#inexact.get(row)?.start ?? NaN;
    return (base + (start[at] ?? NaN)) / 1000;
  }

  due(row: number): number {
    const { base, start, late, took } = this.#chunk(row);
    const at = row % CHUNK_ROWS;
    if (took[at] === INEXACT) return this.#inexact.get(row)?.due ?? NaN;
    return (base + (start[at] ?? NaN) - (late[at] ?? NaN)) / 1000;
  }

  end(row: number): number {
    const { base, start, took } = this.#chunk(row);
    const at = row % CHUNK_ROWS;
    if (took[at] === INEXACT) return this.#inexact.get(row)?.end ?? NaN;
    return (base + (start[at] ?? NaN) + (took[at] ?? NaN)) / 1000;
  }

  #chunk(row: number): Chunk {
    const chunk = this.#chunks[row >> CHUNK_BITS];
    if (chunk === undefined) throw noSuchRow(row);
    return chunk;
  }

  #take(shape: string, number: number, due: number, start: number, end: number): void {
    const known = this.#known.get(shape) ?? this.#learn(shape);
    const row = this.#rows++;
    const begun = micros(start);
    if (row % CHUNK_ROWS === 0) this.#chunks.push(new Chunk(begun));
    const chunk = this.#chunk(row);
    const at = row % CHUNK_ROWS;
    const [since, late, took] = [begun - chunk.base, begun - micros(due), micros(end) - begun];
    const fit = fits(since) && fits(late) && fits(took);
    const exact = fit && begun / 1000 === start && (begun - late) / 1000 === due && (begun + took) / 1000 === end;
    if (!exact) this.#inexact.set(row, { due, start, end });
    chunk.start[at] = since;
    chunk.late[at] = late;
    chunk.took[at] = exact ? took : INEXACT;
    chunk.number[at] = number;
    chunk.shape[at] = known;
  }

  /** @throws SyntaxError when the line is damaged. */
  #learn(text: string): number {
    const shape = JSON.parse(text) as Shape;
    const index = this.#shapes.push(shape) - 1;
    this.#known.set(text, index);
    return index;
  }
}

function noSuchRow(row: number): RangeError {
  return new RangeError(`there is no call ${String(row)}`);
}

/** Moments of a history are told in whole microseconds. */
function micros(ms: number): number {
  return Math.round(ms * 1000);
}

function fits(value: number): boolean {
  return Math.abs(value) < -INEXACT;
}
