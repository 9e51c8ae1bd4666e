import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf } from '../errors.ts';
import type { TrafficRecord } from '../traffic/records.ts';
import { LineReader } from './lines.ts';
import type {
  CallRecord,
  EndRecord,
  FactRecord,
  HistoryRecord,
  ObservationRecord,
  StepRecord,
  WriteRecord,
} from './records.ts';
import { TrafficLog } from './traffic-log.ts';

/** Milliseconds since the epoch on a clock that never runs backwards within a process. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

/** Appends to a history file. Every record is on disk before the call returns, so that a kill loses nothing that was done. */
export class HistoryWriter {
  readonly file: string;

  constructor(file: string) {
    this.file = file;
    mkdirSync(dirname(file), { recursive: true });
  }

  /** Opens a new history with its first line. */
  static begin(file: string, facts: { experiment: string; target: string; run: string }): HistoryWriter {
    const writer = new HistoryWriter(file);
    writer.append({ type: 'begin', at: now(), ...facts });
    return writer;
  }

  append(record: HistoryRecord): void {
    appendFileSync(this.file, `${JSON.stringify(record)}\n`);
  }

  fact(key: string, value: unknown): void {
    this.append({ type: 'fact', at: now(), key, value });
  }

  write(verb: string, object: string, namespace?: string): void {
    this.append({ type: 'write', at: now(), verb, object, ...(namespace === undefined ? {} : { namespace }) });
  }

  observe(what: string, object: string, detail?: Record<string, unknown>, at = now()): void {
    this.append({ type: 'observation', at, what, object, ...(detail === undefined ? {} : { detail }) });
  }

  /**
   * Runs `work` as a step: its start, end and outcome are recorded whether it succeeds or throws.
   * What `work` returns under `detail` is recorded with the step.
   * @throws whatever `work` throws, after recording it.
   */
  async step<T>(
    id: string,
    title: string,
    work: () => Promise<T>,
    detail?: (result: T) => Record<string, unknown>,
  ): Promise<T> {
    const start = now();
    try {
      const result = await work();
      const extra = detail?.(result);
      this.append({
        type: 'step',
        id,
        title,
        start,
        end: now(),
        ok: true,
        ...(extra === undefined ? {} : { detail: extra }),
      });
      return result;
    } catch (thrown) {
      this.append({ type: 'step', id, title, start, end: now(), ok: false, error: messageOf(thrown) });
      throw thrown;
    }
  }

  end(status: EndRecord['status'], error?: string): void {
    this.append({ type: 'end', at: now(), status, ...(error === undefined ? {} : { error }) });
  }
}

/** The history of the traffic lies beside that of its experiment. */
export const TRAFFIC_FILE = 'traffic.jsonl';

/** A history that was read back. Verdicts see nothing else. */
export class History {
  readonly records: readonly HistoryRecord[];
  readonly #readTraffic: () => Iterable<TrafficRecord>;
  #traffic: TrafficLog | undefined;

  constructor(records: readonly HistoryRecord[], traffic: () => Iterable<TrafficRecord> = () => []) {
    this.records = records;
    this.#readTraffic = traffic;
  }

  /** The traffic that ran during the experiment; read when somebody asks for it, since it is long. Empty when there was none. */
  get traffic(): TrafficLog {
    this.#traffic ??= TrafficLog.of(this.#readTraffic());
    return this.#traffic;
  }

  /** Reads a history file; a last line that was cut off by a kill is left out. Returns undefined when there is none. */
  static read(file: string): History | undefined {
    const records: HistoryRecord[] = [];
    new LineReader(file).read((line) => records.push(JSON.parse(line) as HistoryRecord));
    const traffic = join(dirname(file), TRAFFIC_FILE);
    return records.length === 0 ? undefined : new History(records, () => TrafficLog.read(traffic));
  }

  get begin() {
    return this.records.find((record) => record.type === 'begin');
  }

  get end(): EndRecord | undefined {
    return this.records.find((record) => record.type === 'end');
  }

  get steps(): StepRecord[] {
    return this.records.filter((record) => record.type === 'step');
  }

  get writes(): WriteRecord[] {
    return this.records.filter((record) => record.type === 'write');
  }

  get observations(): ObservationRecord[] {
    return this.records.filter((record) => record.type === 'observation');
  }

  get calls(): CallRecord[] {
    return this.records.filter((record) => record.type === 'call');
  }

  /** The last step of that id. */
  step(id: string): StepRecord | undefined {
    return this.steps.findLast((step) => step.id === id);
  }

  /** The last value that was recorded under `key`. */
  fact(key: string): unknown {
    return this.factRecord(key)?.value;
  }

  /** The record that holds the last value of `key`. */
  factRecord(key: string): FactRecord | undefined {
    return this.records.findLast((record): record is FactRecord => record.type === 'fact' && record.key === key);
  }

  /** Where a record of the traffic stands: `config.add-tool/traffic#12` is the 12th line of its history. */
  trafficReference(record: TrafficRecord): string {
    return `${this.begin?.experiment ?? 'history'}/traffic#${String(this.traffic.lineOf(record))}`;
  }

  /** Where a record stands, for the evidence column: `first-tool-call#12` is its 12th line. */
  reference(record: HistoryRecord): string {
    return `${this.begin?.experiment ?? 'history'}#${String(this.records.indexOf(record) + 1)}`;
  }
}
