import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { TensorValue } from '../target/model/samples.ts';
import type { ModelTarget } from '../target/model/schema.ts';
import type { ServingClient } from './client.ts';

export interface Accuracy {
  rows: number;
  right: number;
  /** Versions that the answers say they are of; more than one while a new version is brought in. */
  versions: string[];
}

/**
 * Asks the served model for every row of the declared data set, in batches as large as the server takes them. Labels are compared as text, since
 * that is what a CSV file has.
 * @throws ServingError when a batch is not answered: an accuracy of the rest would say nothing.
 */
export async function measureAccuracy(
  client: ServingClient,
  {
    folder,
    serving,
    accuracy,
  }: Pick<ModelTarget, 'folder' | 'serving'> & { accuracy: NonNullable<ModelTarget['accuracy']> },
): Promise<Accuracy> {
  const [header = [], ...rows] = parse(readFileSync(resolve(folder, accuracy.dataset)), { bom: true });
  const label = header.indexOf(accuracy.label);
  const versions = new Set<string>();
  let right = 0;
  for (let at = 0; at < rows.length; at += serving.maxBatch) {
    const batch = rows.slice(at, at + serving.maxBatch);
    const instances = batch.map((row) => ({ [accuracy.input]: row.toSpliced(label, 1).map(valueOf) }));
    const { predictions, version } = await client.predictBatch(instances);
    if (version !== undefined) versions.add(version);
    right += batch.filter((row, index) => String(predictions[index]?.[accuracy.output]) === row[label]).length;
  }
  return { rows: rows.length, right, versions: [...versions].sort() };
}

/** A number where the text is one. */
function valueOf(text: string): TensorValue {
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}
