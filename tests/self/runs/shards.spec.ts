import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { namesIn } from '../../../helpers/files.ts';
import { runsFolder } from '../../../helpers/run/run.ts';
import type { RunVerdict } from '../../../helpers/verdict/types.ts';
import { startRun, startSeatrial } from './whole-run.ts';
import type { WholeRun } from './whole-run.ts';

async function folderOf(run: WholeRun): Promise<string> {
  const [, id = ''] = await run.prints(/Run (\d{8}-\d{6}-\w+) in/);
  await run.ended;
  return join(runsFolder, id);
}

/** Runs all shards, one after the other. @returns their folders. */
async function shards(title: string, total: number): Promise<string[]> {
  const folders: string[] = [];
  for (let current = 1; current <= total; current++)
    folders.push(await folderOf(startRun(title, { args: [`--shard=${String(current)}/${String(total)}`] })));
  return folders;
}

function experimentsIn(folder: string): string[] {
  return namesIn(join(folder, 'experiments/contextforge'));
}

function verdictIn(folder: string): RunVerdict {
  return JSON.parse(readFileSync(join(folder, 'verdict.json'), 'utf8')) as RunVerdict;
}

/** The rows that a run tried, with what they came to. */
function rowsOf({ standards }: RunVerdict) {
  return standards.flatMap(({ items }) =>
    items.filter(({ status }) => status !== 'not-run').map(({ id, status }) => [id, status] as const),
  );
}

test.describe('Shards of a run', { tag: '@smoke' }, () => {
  test('should be merged into the verdict of the run in one piece, also when one of them had nothing to do', async () => {
    const title = 'Dedicated SE|Criterion 6:|Criterion 7:';
    const whole = await folderOf(startRun(title));
    const [busy = '', idle = ''] = await shards(title, 2);
    expect([experimentsIn(busy), experimentsIn(idle)]).toEqual([['support.facts'], []]);

    const merging = startSeatrial('merge', busy, idle, '--into', test.info().outputPath('merged'));
    const merged = await folderOf(merging);
    // The bundled target's facts are a sample: these rows are red, in one piece as in shards.
    expect(await merging.ended).toBe(1);
    expect(rowsOf(verdictIn(merged))).toEqual(rowsOf(verdictIn(whole)));
    expect(verdictIn(test.info().outputPath('merged'))).toEqual(verdictIn(merged));
    expect(merging.output().trimEnd().split('\n').at(-1)).toBe('0 passed, 3 failed');

    const report = startSeatrial('report', merged, '--check');
    expect(await report.ended, report.output()).toBe(0);

    const alone = startSeatrial('merge', idle);
    const lacking = await folderOf(alone);
    expect(await alone.ended).toBe(1);
    expect(alone.output()).toContain('Shard 1 of 2 is missing');
    const notes = verdictIn(lacking).standards.flatMap(({ items }) => items.map(({ note }) => note));
    expect(notes.join()).toContain('not run: shard 1 of 2 is missing');
  });
});

test.describe('Shards of a run on a cluster', { tag: '@full' }, () => {
  test('should run each experiment once, and come to one verdict', async () => {
    const folders = await shards('Criterion 1:|Gate: Helm deployment', 2);
    const experiments = folders.map(experimentsIn);
    expect(experiments.flat().toSorted()).toEqual([
      'chart.lifecycle',
      'chart.static',
      'first-tool-call',
      'worker.protocol',
    ]);
    for (const own of experiments) expect(own.length).toBeGreaterThan(0);
    const merging = startSeatrial('merge', ...folders);
    const verdict = verdictIn(await folderOf(merging));
    expect(rowsOf(verdict).map(([id]) => id)).toEqual(expect.arrayContaining(['criterion-1', 'gate-helm-deployment']));
    expect(verdict.complete).toBe(true);
    expect(merging.output()).toMatch(/^\d passed, \d failed$/m);
  });
});
