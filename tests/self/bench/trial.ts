import { join } from 'node:path';
import { execa } from 'execa';
import { clusterDown } from '../../../helpers/cluster/embedded/commands.ts';
import type { EmbeddedOptions } from '../../../helpers/cluster/embedded/options.ts';
import { History } from '../../../helpers/history/history.ts';
import type { Figure } from './measure.ts';

const root = join(import.meta.dirname, '../../..');

/** Whole runs of the gate "Helm deployment", each from a machine without a cluster: what a newcomer waits for. */
export async function trial(options: EmbeddedOptions, runs: number): Promise<Figure[]> {
  const firstCheck: number[] = [];
  const firstCall: number[] = [];
  const shares: string[] = [];
  for (let run = 0; run < runs; run++) {
    await clusterDown(options, { force: false, progress: () => undefined });
    const start = performance.timeOrigin + performance.now();
    await execa('npx', ['playwright', 'test', '-g', 'Gate: Helm deployment'], {
      cwd: root,
      env: { SEATRIAL_YES: '1' },
    });
    const history = History.read(join(root, 'reports/latest/experiments/contextforge/first-tool-call/history.jsonl'));
    const total = history?.fact('total') as { start: number; end: number } | undefined;
    if (history === undefined || total === undefined) throw new Error('the run left no history');
    // The history begins before the cluster is up; what a person waits for is the first thing that is done on it.
    firstCheck.push((total.start - start) / 1000);
    firstCall.push((total.end - total.start) / 1000);
    const slowest = history.steps.toSorted((a, b) => b.end - b.start - (a.end - a.start))[0];
    if (slowest !== undefined) shares.push(`${slowest.id} ${((slowest.end - slowest.start) / 1000).toFixed(1)} s`);
  }
  return [
    {
      name: 'npx playwright test, warm: start → first check',
      unit: 's',
      samples: firstCheck,
      limits: [{ statistic: 'max', atMost: 30 }],
    },
    {
      name: 'clean namespace → first tool call, images in the registry',
      unit: 's',
      samples: firstCall,
      limits: [],
      note: `slowest step: ${shares.join(', ')}`,
    },
  ];
}
