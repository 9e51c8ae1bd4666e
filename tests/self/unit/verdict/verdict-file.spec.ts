import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { UserError } from '../../../../helpers/errors.ts';
import { keepPrevious, previousVerdict } from '../../../../helpers/verdict/previous.ts';
import { readVerdict } from '../../../../helpers/verdict/verdict-file.ts';
import { gate, runVerdict, singleVerdict } from '../reports/page-verdicts.ts';
import { judgedRun } from './stored-run.ts';

test.describe('verdict.json', { tag: '@static' }, () => {
  test('should be read back as it was written', async () => {
    const file = join(await judgedRun(test.info().outputPath('run')), 'verdict.json');
    expect(readVerdict(file)).toEqual(JSON.parse(readFileSync(file, 'utf8')));
    fc.assert(
      fc.property(runVerdict, (verdict) => {
        writeFileSync(file, JSON.stringify(verdict));
        expect(readVerdict(file)).toEqual(JSON.parse(JSON.stringify(verdict)));
      }),
    );
  });

  test('should be refused, with what to do, wherever it was cut off', async () => {
    const file = join(await judgedRun(test.info().outputPath('run')), 'verdict.json');
    const whole = readFileSync(file, 'utf8').trimEnd();
    fc.assert(
      fc.property(fc.nat({ max: whole.length - 1 }), (length) => {
        writeFileSync(file, whole.slice(0, length));
        expect(() => readVerdict(file)).toThrow(UserError);
        expect(() => readVerdict(file)).toThrow(/npx seatrial report/);
      }),
      { numRuns: 30 },
    );
  });
});

test.describe('the previous run', { tag: '@static' }, () => {
  const runs = () => test.info().outputPath('runs');
  const store = (id: string, content: string) => {
    const folder = join(runs(), id);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'verdict.json'), content);
    return folder;
  };
  const verdict = (id: string) => singleVerdict([gate('A', 'pass')], id);
  const storeVerdict = (id: string) => store(id, JSON.stringify(verdict(id)));

  test('should be the last one before that tried the same', () => {
    storeVerdict('20261118-100000-aaaa');
    storeVerdict('20261119-100000-aaaa');
    const other = { ...verdict('20261120-100000-aaaa'), standards: [] };
    store('20261120-100000-aaaa', JSON.stringify(other));
    store('20261121-090000-aaaa', JSON.stringify(verdict('x')).slice(0, 100));
    const folder = storeVerdict('20261121-100000-aaaa');
    storeVerdict('20261122-100000-aaaa');
    expect(previousVerdict(folder, verdict('20261121-100000-aaaa'))?.run).toBe('20261119-100000-aaaa');
  });

  test('should stay the same once it is kept, also when there is none', () => {
    const folder = storeVerdict('20261121-100000-aaaa');
    keepPrevious(folder, previousVerdict(folder, verdict('20261121-100000-aaaa')));
    storeVerdict('20261119-100000-aaaa');
    expect(previousVerdict(folder, verdict('20261121-100000-aaaa'))).toBeUndefined();
  });
});
