import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { isValid } from 'ctrf';
import fc from 'fast-check';
import { readRunFolder, runFiles } from '../../../../helpers/verdict/run-folder.ts';
import { loadStandards } from '../../../../helpers/verdict/standards.ts';
import { ctrfReport } from '../../../../helpers/verdict/views/ctrf.ts';
import { metricsText } from '../../../../helpers/verdict/views/metrics.ts';
import { summaryOf } from '../../../../helpers/verdict/views/summary.ts';
import { anyVerdict, checkOf, oneGate, someRun } from './arbitrary-verdict.ts';
import { parseOpenMetrics } from './openmetrics-reader.ts';
import { historyFile, judgedRun, seatrial, storeRun } from './stored-run.ts';

const nothing = { targets: [] };
/** Through the file: what others read. */
const written = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test.describe('CTRF', { tag: '@static' }, () => {
  test('should be valid by the official library whatever the verdict', () => {
    fc.assert(
      fc.property(anyVerdict, (verdict) => {
        expect(isValid(written(ctrfReport(verdict, someRun)))).toBe(true);
        expect(isValid(written(ctrfReport(verdict, nothing)))).toBe(true);
      }),
      // The library compiles its schema anew each time.
      { numRuns: 20 },
    );
    expect(isValid({ ...ctrfReport(oneGate('pass'), someRun), results: {} })).toBe(false);
  });

  test('should count every row once, and what is inconclusive as failed', () => {
    fc.assert(
      fc.property(anyVerdict, (verdict) => {
        const items = verdict.standards.flatMap((standard) => standard.items);
        const count = (...wanted: string[]) => items.filter(({ status }) => wanted.includes(status)).length;
        const { summary, tests } = ctrfReport(verdict, someRun).results;
        const early = verdict.complete ? 0 : 1;
        expect(summary).toMatchObject({
          tests: items.length + early,
          passed: count('pass'),
          failed: count('fail', 'inconclusive') + early,
          skipped: count('not-applicable'),
          pending: count('not-run'),
          other: 0,
        });
        expect(tests).toHaveLength(summary.tests);
      }),
    );
  });

  test('should fail a run that ended early even if all that it tried has passed', () => {
    const { tests, environment } = ctrfReport({ ...oneGate('pass'), complete: false }, someRun).results;
    expect(tests[0]).toMatchObject({ name: 'The run comes to its end', status: 'failed' });
    expect(environment.reportName).toContain('ended early');
  });

  test('should show every check with expected and seen, and the time of the experiment behind it', () => {
    const { results } = ctrfReport(oneGate('pass', [checkOf('a', 'pass'), checkOf('b', 'not-applicable')]), someRun);
    expect(results.tests[0]).toMatchObject({ name: 'Gate: Tiny', rawStatus: 'pass', duration: 59_999 });
    expect(results.tests[0]?.steps).toEqual([
      expect.objectContaining({
        name: 'a holds',
        status: 'passed',
        extra: expect.objectContaining({ expected: 'so', seen: 'this' }),
      }),
      expect.objectContaining({ name: 'b holds', status: 'skipped' }),
    ]);
  });
});

test.describe('OpenMetrics', { tag: '@static' }, () => {
  test('should be valid, and end with # EOF, whatever the verdict', () => {
    fc.assert(
      fc.property(anyVerdict, (verdict) => {
        for (const about of [someRun, nothing]) {
          const text = metricsText(verdict, about);
          expect(() => parseOpenMetrics(text)).not.toThrow();
          expect(text.endsWith('# EOF\n')).toBe(true);
        }
      }),
    );
  });

  test('should have one status of each row, its score and its checks', () => {
    const metrics = parseOpenMetrics(
      metricsText(oneGate('fail', [checkOf('a', 'pass'), checkOf('b', 'fail')]), someRun),
    );
    const row = { standard: 'tiny', target: 'gateway', kind: 'gate', row: 'gate-tiny' };
    const of = (name: string) => metrics.filter((sample) => sample.name === name);
    expect(of('seatrial_row_status').filter(({ value }) => value === 1)).toEqual([
      { name: 'seatrial_row_status', labels: { ...row, status: 'fail' }, value: 1 },
    ]);
    expect(of('seatrial_row_checks').map(({ labels, value }) => [labels.verdict, value])).toEqual([
      ['pass', 1],
      ['fail', 1],
      ['inconclusive', 0],
      ['not-applicable', 0],
    ]);
    expect(of('seatrial_run_passed')[0]?.value).toBe(0);
    expect(
      of('seatrial_experiment_duration_seconds').map(({ labels, value }) => [labels.experiment, labels.status, value]),
    ).toEqual([
      ['first-tool-call', 'completed', 59.999],
      ['config.add-tool', 'cut-off', 0],
    ]);
  });

  test('should tell the calls and the outages of a change', async () => {
    const run = readRunFolder(storeRun(test.info().outputPath('run')));
    const { verdict } = runFiles(run, await loadStandards());
    const metrics = parseOpenMetrics(metricsText(verdict, run));
    expect(metrics.some(({ name }) => name === 'seatrial_run_info')).toBe(true);
    expect(metrics.filter(({ name }) => name === 'seatrial_experiment_duration_seconds').length).toBeGreaterThan(20);
  });
});

test.describe('summary', { tag: '@static' }, () => {
  test('should give an inconclusive gate the score of OpenSSF Scorecard for that, and never that of a pass', () => {
    const scoreFor = (status: Parameters<typeof oneGate>[0]) =>
      summaryOf(oneGate(status), someRun).targets[0]?.checks[0]?.score;
    expect(
      ['pass', 'fail', 'inconclusive', 'not-run', 'not-applicable'].map((status) => scoreFor(status as 'pass')),
    ).toEqual([10, 0, -1, -1, -1]);
  });

  test('should have a fact for each row that was tried, true only if it passed', () => {
    const factsFor = (status: Parameters<typeof oneGate>[0]) => summaryOf(oneGate(status), someRun).targets[0]?.facts;
    expect(factsFor('pass')).toEqual({ run: '20261121-100000-abcd', complete: true, 'tiny.gate-tiny': true });
    expect(factsFor('inconclusive')).toMatchObject({ 'tiny.gate-tiny': false });
    expect(factsFor('not-run')).not.toHaveProperty('tiny.gate-tiny');
  });

  test('should call passed only what came to its end, was tried and is not red', () => {
    const passed = (verdict: Parameters<typeof summaryOf>[0]) => summaryOf(verdict, someRun).passed;
    expect(passed(oneGate('pass'))).toBe(true);
    expect(passed({ ...oneGate('pass'), complete: false })).toBe(false);
    for (const status of ['fail', 'inconclusive', 'not-run', 'not-applicable'] as const)
      expect(passed(oneGate(status))).toBe(false);
    expect(passed({ ...oneGate('pass'), standards: [] })).toBe(false);
  });
});

test.describe('views for machines', { tag: '@static' }, () => {
  const names = ['verdict.json', 'ctrf.json', 'metrics.txt', 'summary.json'];

  test('should be rebuilt byte for byte, in any time zone', async () => {
    const folder = await judgedRun(test.info().outputPath('run'));
    const before = names.map((name) => readFileSync(join(folder, name), 'utf8'));
    const zone = process.env.TZ;
    try {
      for (const other of ['Pacific/Kiritimati', 'America/St_Johns', 'UTC']) {
        process.env.TZ = other;
        const { files } = runFiles(readRunFolder(folder), await loadStandards());
        expect(names.map((name) => files.get(name))).toEqual(before);
      }
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
    const { stdout, exitCode } = await seatrial('report', folder, '--check');
    for (const name of names) expect(stdout).toContain(`${name}: identical byte for byte`);
    expect(exitCode).toBe(0);
  });

  test('should be valid for a run that was killed half-way, and say so', async () => {
    const folder = storeRun(test.info().outputPath('run'));
    writeFileSync(
      join(folder, 'run.json'),
      JSON.stringify({ id: '20261121-100000-abcd', complete: false, target: 'contextforge' }),
    );
    const file = historyFile(folder, 'first-tool-call');
    truncateSync(file, Math.floor(readFileSync(file).length / 2));
    const { files } = runFiles(readRunFolder(folder), await loadStandards());
    const ctrf = JSON.parse(files.get('ctrf.json') ?? '') as ReturnType<typeof ctrfReport>;
    expect(isValid(ctrf)).toBe(true);
    expect(ctrf.results.tests[0]?.status).toBe('failed');
    expect(ctrf.results.summary.stop).toBeGreaterThan(ctrf.results.summary.start);
    const metrics = parseOpenMetrics(files.get('metrics.txt') ?? '');
    expect(metrics.find(({ name }) => name === 'seatrial_run_complete')?.value).toBe(0);
  });

  test('should be valid for a run that came to nothing', () => {
    const folder = test.info().outputPath('nothing');
    const { files } = runFiles(readRunFolder(folder), []);
    expect(isValid(JSON.parse(files.get('ctrf.json') ?? ''))).toBe(true);
    parseOpenMetrics(files.get('metrics.txt') ?? '');
    expect(JSON.parse(files.get('summary.json') ?? '')).toMatchObject({ passed: false, targets: [] });
  });

  test('should hold 10,000 checks', () => {
    const verdict = oneGate(
      'fail',
      Array.from({ length: 10_000 }, (_, index) =>
        checkOf(`check-${String(index)}`, index % 2 === 0 ? 'pass' : 'fail'),
      ),
    );
    const { tests } = ctrfReport(verdict, someRun).results;
    expect(tests[0]?.steps).toHaveLength(10_000);
    const failed = parseOpenMetrics(metricsText(verdict, someRun)).find(
      ({ name, labels }) => name === 'seatrial_row_checks' && labels.verdict === 'fail',
    );
    expect(failed?.value).toBe(5_000);
    expect(summaryOf(verdict, someRun).targets[0]?.checks[0]?.details).toHaveLength(5_000);
  });
});
