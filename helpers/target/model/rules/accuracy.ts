import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { messageOf } from '../../../errors.ts';
import { didYouMean } from '../../../config/suggest.ts';
import type { Inconsistency } from '../../consistency.ts';
import type { ModelDeclaration } from '../schema.ts';

/** Whether the data set can be read as it is declared. That it is there is told with the other files. */
export function accuracyRules({ accuracy, serving: { inputs } }: ModelDeclaration, folder: string): Inconsistency[] {
  if (accuracy === undefined) return [];
  const wrongInput =
    inputs === undefined || inputs.some(({ name }) => name === accuracy.input)
      ? []
      : [
          {
            path: ['accuracy', 'input'],
            what: `The model has no tensor "${accuracy.input}"`,
            fix: `use ${inputs.map(({ name }) => name).join(', ')}`,
          },
        ];
  return [...wrongInput, ...datasetRules(accuracy, resolve(folder, accuracy.dataset))];
}

function datasetRules({ label }: NonNullable<ModelDeclaration['accuracy']>, file: string): Inconsistency[] {
  const dataset = ['accuracy', 'dataset'];
  try {
    const [header = [], ...rows] = parse(readFileSync(file), { bom: true });
    if (rows.length === 0)
      return [{ path: dataset, what: 'The data set has no row', fix: 'add rows below the header' }];
    if (!header.includes(label)) {
      const fix = didYouMean(label, header) ?? `use one of ${header.join(', ')}`;
      return [{ path: ['accuracy', 'label'], what: `The data set has no column "${label}"`, fix }];
    }
    if (header.length > 1) return [];
    return [{ path: dataset, what: 'The data set has labels and nothing to predict them from', fix: 'add columns' }];
  } catch (thrown) {
    if (isMissingFile(thrown)) return [];
    return [{ path: dataset, what: `The data set is no CSV: ${messageOf(thrown)}`, fix: 'correct the file' }];
  }
}

/** A folder, or nothing at all: both are told with the other files. */
function isMissingFile(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOENT' || thrown.code === 'EISDIR');
}
