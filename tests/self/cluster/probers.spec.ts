import { join } from 'node:path';
import { expect, test } from '../../../fixtures/test.ts';
import { experimentById } from '../../../helpers/experiments/experiments.ts';
import { publishSuite } from '../../../helpers/experiments/images.ts';
import { experimentFolder } from '../../../helpers/experiments/runner.ts';
import { History } from '../../../helpers/history/history.ts';
import { checksOf } from '../twins/judge.ts';
import { judged } from './judged.ts';

const EXPERIMENT = 'config.add-tool';
/** None: the machine of the run makes the traffic. */
const COUNTS = [0, 1, 2, 4, 8];

test.describe('Traffic from prober pods', { tag: '@full' }, () => {
  // The image of the suite is built the first time; then about two minutes for each.
  test.setTimeout(45 * 60_000);

  test('should come to the same verdict, however many there are', async ({
    run,
    cluster,
    target,
    options,
    redactor,
    progress,
  }, testInfo) => {
    const { cacheFolder } = options;
    const found: Record<string, string>[] = [];
    const lines: string[] = [];
    for (const count of COUNTS) {
      const folder = testInfo.outputPath(`probers-${String(count)}`);
      const image = () => publishSuite({ run, cluster, cacheFolder, progress });
      const probers = count === 0 ? undefined : { count, image };
      const started = performance.now();
      const results = await judged(experimentById(EXPERIMENT), checksOf(EXPERIMENT), {
        ...{ run, target, cluster, cacheFolder, redactor, progress, folder, probers },
      });
      const tookS = (performance.now() - started) / 1000;
      found.push(Object.fromEntries(results.map(({ id, verdict }) => [id, verdict])));

      const history = History.read(join(experimentFolder({ ...run, folder }, target, EXPERIMENT), 'history.jsonl'));
      const { calls, end } = history?.traffic ?? {};
      const clockErrors = [...(calls ?? [])].map(({ clockErrorMs = 0 }) => clockErrorMs);
      const rate = (calls?.length ?? 0) / ((end?.elapsedMs ?? NaN) / 1000);
      const off = clockErrors.reduce((most, error) => Math.max(most, error), 0);
      lines.push(
        `${String(count)} probers: ${tookS.toFixed(0)} s, ${rate.toFixed(1)} calls/s, clocks known within ${off.toFixed(1)} ms`,
      );
    }
    await testInfo.attach('probers', { body: lines.join('\n') });
    progress(lines.join('\n'));
    for (const [index, verdicts] of found.entries())
      expect(verdicts, `with ${String(COUNTS[index])} probers`).toEqual(found[0]);
  });
});
