import { HistoryWriter } from '../history/history.ts';
import type { HistoryRecord } from '../history/records.ts';
import type { Redactor } from '../kubernetes/redact.ts';

/** A history that no secret gets into. */
export class RedactedHistory extends HistoryWriter {
  readonly #redactor: Redactor;

  constructor(file: string, redactor: Redactor) {
    super(file);
    this.#redactor = redactor;
  }

  override append(record: HistoryRecord): void {
    super.append(this.#redactor.value(record));
  }
}
