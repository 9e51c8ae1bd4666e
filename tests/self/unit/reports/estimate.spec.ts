import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { spansIn } from '../../../../helpers/history/span.ts';
import { describeTimeLeft, earlierDurations, timeLeft } from '../../../../reports/live/estimate.ts';

const MINUTE = 60_000;

test.describe('Time left', { tag: '@static' }, () => {
  test('should be the median of what came to its end in earlier runs', () => {
    const runs = test.info().outputPath('runs');
    for (const [index, minutes] of [1, 9, 2].entries()) {
      store(runs, `20261121-10000${String(index)}-abcd`, 'chart.static', { minutes, status: 'completed' });
    }
    store(runs, '20261121-100003-abcd', 'chart.static', { minutes: 100, status: 'aborted' });
    store(runs, '20261121-100004-abcd', 'chart.static', { minutes: 100 });
    store(runs, '20261121-110000-abcd', 'chart.static', { minutes: 100, status: 'completed' });
    const durations = earlierDurations(join(runs, '20261121-110000-abcd'), 'boat');
    expect(durations).toEqual(new Map([['chart.static', 2 * MINUTE]]));
    expect(earlierDurations(join(runs, '20261121-110000-abcd'), 'other')).toEqual(new Map());
    expect(earlierDurations(test.info().outputPath('none/20261121-110000-abcd'), 'boat')).toEqual(new Map());
  });

  test('should count an experiment once, less what it already took, and not what is done', () => {
    const left = timeLeft(['a', 'b', 'b', 'c', 'd', 'e'], {
      durations: new Map([
        ['a', 10 * MINUTE],
        ['b', 4 * MINUTE],
        ['c', 7 * MINUTE],
        ['d', MINUTE],
      ]),
      spans: new Map([
        ['a', { begin: 0, end: MINUTE, status: 'completed' }],
        ['b', { begin: 0 }],
        ['d', { begin: -5 * MINUTE }],
      ]),
      now: MINUTE,
    });
    expect(left).toEqual({ ms: (4 - 1 + 7) * MINUTE, unknown: 1 });
  });

  test('should be no more precise than an estimate is, and say what it leaves out', () => {
    expect(describeTimeLeft({ ms: 41.4 * MINUTE, unknown: 0 })).toBe('about 41 min left');
    expect(describeTimeLeft({ ms: 20_000, unknown: 2 })).toBe(
      'less than a minute left, and 2 experiments of unknown length',
    );
    expect(describeTimeLeft({ ms: 0, unknown: 3 })).toBe('');
  });

  test('should read a history that was cut off as one that has no end', () => {
    const runs = test.info().outputPath('runs');
    const file = store(runs, '20261121-100000-abcd', 'a', { minutes: 1, status: 'completed' });
    writeFileSync(file, '{"type":"begin","at":5,"experiment":"a"}\n{"type":"end","at":9,"sta');
    writeFileSync(store(runs, '20261121-100000-abcd', 'empty', { minutes: 1 }), '');
    writeFileSync(store(runs, '20261121-100000-abcd', 'torn', { minutes: 1 }), '{"type":"be');
    expect(spansIn(join(runs, '20261121-100000-abcd'), 'boat')).toEqual(new Map([['a', { begin: 5 }]]));
  });
});

function store(
  runs: string,
  run: string,
  experiment: string,
  { minutes, status }: { minutes: number; status?: 'completed' | 'aborted' },
): string {
  const file = join(runs, run, 'experiments/boat', experiment, 'history.jsonl');
  const filler = { type: 'fact', at: 0, key: 'long', value: 'x'.repeat(40_000) };
  const records = [
    { type: 'begin', at: 1000, experiment, target: 'boat', run },
    filler,
    ...(status === undefined ? [] : [{ type: 'end', at: 1000 + minutes * MINUTE, status }]),
  ];
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  return file;
}
