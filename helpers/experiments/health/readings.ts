import { messageOf } from '../../errors.ts';
import type { AskedFact, Reading } from '../../health/facts.ts';
import { readReport } from '../../health/report.ts';
import { isReady } from '../../kubernetes/pods.ts';
import { askJson } from '../../serving/json-http.ts';
import type { Replica } from '../replica/replica.ts';

/** A throttled or hanging server may take this long to say how it is, in ms. */
const REPORT_LIMIT_MS = 10_000;

export type Read = Awaited<ReturnType<typeof readHealth>>;

/** Asks a replica how it is; a status of 503 is an answer as well. @throws Error when it gives no report. */
export async function readHealth({ url }: Pick<Replica, 'url'>, path: string) {
  const { status, body } = await askJson(new URL(path, url).href, REPORT_LIMIT_MS);
  try {
    return { httpStatus: status, ...readReport(body) };
  } catch (thrown) {
    throw new Error(`HTTP ${String(status)}: ${messageOf(thrown)}`, { cause: thrown });
  }
}

/** What goes into the history of a report. */
export async function readingOf(
  replica: Replica,
  { httpStatus, report }: Read,
  { cause, asked }: { cause: string; asked: AskedFact },
): Promise<Reading> {
  const pod = await replica.pod();
  const ready = pod !== undefined && isReady(pod);
  return { version: replica.version.modelVersion, cause, httpStatus, report, ready, asked };
}
