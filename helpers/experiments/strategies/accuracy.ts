import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { AccuracyFact } from '../../rollout/facts.ts';
import { sampleRequest } from '../../deliverables/sample-request.ts';
import type { ModelTarget } from '../../target/model/schema.ts';

type Counted = AccuracyFact['versions'][number];

/**
 * Asks every labelled row at where users enter, one after the other, and counts right answers by the version that gave them; a row that is
 * not answered is wrong. Undefined where the target declares no data set, or the protocol has no HTTP.
 */
export async function accuracyOf(target: ModelTarget, url: string, version: string): Promise<Counted | undefined> {
  const { accuracy, serving, folder } = target;
  if (accuracy === undefined) return undefined;
  const rows: Record<string, string>[] = parse(readFileSync(resolve(folder, accuracy.dataset)), {
    bom: true,
    columns: true,
  });
  const counted: Counted = { version, right: 0, rows: 0 };
  for (const { [accuracy.label]: label = '', ...columns } of rows) {
    const input = { [accuracy.input]: Object.values(columns).map(Number) };
    const request = sampleRequest({ serving }, { name: label, input, expected: {}, tolerance: 0 });
    if (request === undefined) return undefined;
    counted.rows++;
    const answer = await predict(new URL(request.path, url), request.body, serving.deadlineMs);
    const { model_version: answered, prediction = {} } = answer;
    // The fields of the prediction, or those of the answer itself, as in the protocol's own server.
    const fields = typeof prediction === 'object' ? { ...answer, ...prediction } : answer;
    const said = fields[accuracy.output];
    const isRight = said === label || (typeof said === 'number' && said === Number(label));
    if (answered === version && isRight) counted.right++;
  }
  return counted;
}

interface Predicted extends Record<string, unknown> {
  model_version?: string;
}

async function predict(url: URL, body: unknown, deadlineMs: number): Promise<Predicted> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(deadlineMs),
    });
    return (await response.json()) as Predicted;
  } catch {
    // Counted as a row that was not answered.
    return {};
  }
}
