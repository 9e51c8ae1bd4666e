import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { jsonSchema } from '../../../../helpers/config/json-schema.ts';
import type { SchemaName } from '../../../../helpers/config/json-schema.ts';
import { UserError } from '../../../../helpers/errors.ts';
import { History } from '../../../../helpers/history/history.ts';
import type { HistoryRecord } from '../../../../helpers/history/records.ts';
import { evaluateStandard } from '../../../../helpers/verdict/evaluate.ts';
import { verdictSchema } from '../../../../helpers/verdict/schema.ts';
import { loadStandards } from '../../../../helpers/verdict/standards.ts';
import type { RunVerdict } from '../../../../helpers/verdict/types.ts';
import { parseVerdict, readVerdict } from '../../../../helpers/verdict/verdict-file.ts';
import { summaryOf } from '../../../../helpers/verdict/views/summary.ts';
import { anyVerdict, oneGate, someRun } from './arbitrary-verdict.ts';
import { flawless } from './histories.ts';
import { judgedRun } from './stored-run.ts';

const target = { name: 'contextforge', releases: [], kubernetesVersions: [], notApplicable: {} };

/** As a reader in another language has it: the published file, and what was written to disk. */
function validator(name: SchemaName) {
  const published = readFileSync(join(import.meta.dirname, `../../../../reports/${name}.schema.json`), 'utf8');
  return new Ajv2020({ strict: false, allErrors: true, validateFormats: false }).compile(
    JSON.parse(published) as object,
  );
}

async function verdictOn(histories: ReadonlyMap<string, History>): Promise<RunVerdict> {
  const standards = await loadStandards();
  return {
    ...oneGate('pass'),
    standards: standards.map((standard) => evaluateStandard(standard, histories, target)),
  };
}

test.describe('published schemas', { tag: '@static' }, () => {
  for (const name of ['verdict', 'summary', 'evidence'] as const) {
    test(`should have ${name}.schema.json as the code has it`, () => {
      const file = join(import.meta.dirname, `../../../../reports/${name}.schema.json`);
      expect(readFileSync(file, 'utf8')).toBe(`${jsonSchema(name)}\n`);
    });
  }

  test('should describe every field of the verdict that a flawless trial leaves, and no less', async () => {
    const verdict = JSON.parse(JSON.stringify(await verdictOn(flawless))) as RunVerdict;
    const validate = validator('verdict');
    expect(validate(verdict), JSON.stringify(validate.errors)).toBe(true);
    expect(verdictSchema.parse(verdict)).toEqual(verdict);
    expect(verdict.standards.flatMap(({ items }) => items).length).toBeGreaterThan(20);
  });

  test('should describe the verdict wherever histories were cut off', async () => {
    const standards = await loadStandards();
    const validate = validator('verdict');
    const records = [...flawless].map(([id, history]) => [id, history.records] as const);
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 5 }), (shares) => {
        const cut = (all: readonly HistoryRecord[], index: number) =>
          all.slice(0, Math.ceil(all.length * (shares[index % shares.length] ?? 1)));
        const histories = new Map(records.map(([id, all], index) => [id, new History(cut(all, index))]));
        const verdict: RunVerdict = {
          ...oneGate('pass'),
          standards: standards.map((standard) => evaluateStandard(standard, histories, target)),
        };
        expect(validate(JSON.parse(JSON.stringify(verdict)))).toBe(true);
      }),
      { numRuns: 15 },
    );
  });

  test('should describe any verdict that there could be, and its summary', () => {
    const [verdictIs, summaryIs] = [validator('verdict'), validator('summary')];
    fc.assert(
      fc.property(anyVerdict, (verdict) => {
        expect(verdictIs(JSON.parse(JSON.stringify(verdict))), JSON.stringify(verdictIs.errors)).toBe(true);
        const summary: unknown = JSON.parse(JSON.stringify(summaryOf(verdict, someRun)));
        expect(summaryIs(summary), JSON.stringify(summaryIs.errors)).toBe(true);
      }),
    );
  });

  test('should refuse what is no verdict', () => {
    const validate = validator('verdict');
    const sound = JSON.parse(JSON.stringify(oneGate('pass'))) as { standards: { items: object[] }[] };
    expect(validate(sound)).toBe(true);
    expect(validate({ ...sound, schema: 'https://seatrial.dev/schemas/verdict/v2' })).toBe(false);
    expect(validate({ ...sound, complete: 'yes' })).toBe(false);
    expect(
      validate({ ...sound, standards: [{ ...sound.standards[0], items: [{ id: 'x', status: 'splendid' }] }] }),
    ).toBe(false);
  });

  test('should let a reader with an older copy go on when a field is new', () => {
    expect(validator('verdict')({ ...oneGate('pass'), invented: 'later' })).toBe(true);
  });
});

test.describe('reading a verdict', { tag: '@static' }, () => {
  test('should read what was written, and leave out fields of a later version', async () => {
    const file = join(await judgedRun(test.info().outputPath('run')), 'verdict.json');
    const stored = JSON.parse(readFileSync(file, 'utf8')) as RunVerdict;
    expect(readVerdict(file)).toEqual(stored);
    writeFileSync(file, JSON.stringify({ ...stored, invented: 'later' }));
    expect(readVerdict(file)).toEqual(stored);
  });

  test('should tell the place and the way out when it cannot be read', async () => {
    const file = join(await judgedRun(test.info().outputPath('run')), 'verdict.json');
    for (const text of ['', '{"schema":', '[]', '{"schema":"https://seatrial.dev/schemas/verdict/v9"}']) {
      writeFileSync(file, text);
      expect(() => readVerdict(file)).toThrow(UserError);
      expect(() => readVerdict(file)).toThrow(/verdict\.json[\s\S]*seatrial report/);
    }
    expect(() => readVerdict(`${file}.nowhere`)).toThrow('This run has no verdict');
    expect(() => parseVerdict('{"schema":"another"}')).toThrow('schema: ');
  });
});
