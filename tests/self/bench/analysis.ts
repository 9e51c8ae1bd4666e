import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaNode } from 'execa';
import { storeHistories, storeTraffic } from '../unit/verdict/stored-run.ts';
import type { Analysed } from './analyse.ts';
import { writeLongHistory } from './long-traffic.ts';
import type { Figure } from './measure.ts';

/** What the checks of a change have to come to in such a history: no call was long, and what the target did wrong is found. */
const EXPECTED = { pass: 2, fail: 4, inconclusive: 1 };
/** What ten million calls may take, in seconds and MiB; less may take less. */
const MOST = { seconds: 60, peakMiB: 500 };

/** The checks of a change under that many calls: how time and memory grow. */
export async function analysis(counts: readonly number[]): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const count of counts) {
    figures.push(
      ...(await inFolder(async (folder) => {
        writeLongHistory(folder, count);
        const analysed = await analyse('change', folder);
        const { verdicts } = analysed;
        if (Object.entries(EXPECTED).some(([verdict, times]) => verdicts[verdict] !== times))
          throw new Error(`the checks came to something else: ${JSON.stringify(verdicts)}`);
        return figuresOf(`the checks of a change under ${count / 1e6} million calls`, analysed, count);
      })),
    );
  }
  return figures;
}

/** A run with that many targets, each with all experiments of the suite's own tests. */
export async function judging(counts: readonly number[]): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const count of counts) {
    figures.push(
      ...(await inFolder(async (folder) => {
        for (let target = 1; target <= count; target++) {
          storeHistories(folder, `target-${target}`);
          storeTraffic(folder, `target-${target}`);
        }
        const about = { id: '20261121-100000-abcd', complete: true, target: 'target-1' };
        writeFileSync(join(folder, 'run.json'), JSON.stringify(about));
        const analysed = await analyse('run', folder);
        const checks = Object.values(analysed.verdicts).reduce((sum, times) => sum + times, 0);
        return figuresOf(`a run with ${count} targets judged, all its files made`, analysed, checks, 'checks');
      })),
    );
  }
  return figures;
}

function figuresOf(
  name: string,
  { seconds, cpuSeconds, peakMiB, verdicts }: Analysed,
  count: number,
  of = 'calls',
): Figure[] {
  const told = Object.entries(verdicts).map(([verdict, times]) => `${times} ${verdict}`);
  const each = `${((seconds / count) * 1e6).toFixed(1)} µs for each of ${count} ${of}, ${cpuSeconds.toFixed(1)} s of CPU time`;
  return [
    {
      name: `${name}: time`,
      unit: 's',
      samples: [seconds],
      limits: [{ statistic: 'max', atMost: MOST.seconds }],
      note: `${each}; ${told.join(', ')}`,
    },
    {
      name: `${name}: memory at most`,
      unit: 'MiB',
      samples: [peakMiB],
      limits: [{ statistic: 'max', atMost: MOST.peakMiB }],
    },
  ];
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'seatrial-analysis-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function analyse(what: 'change' | 'run', folder: string): Promise<Analysed> {
  const { stdout } = await execaNode(join(import.meta.dirname, 'analyse.ts'), [what, folder]);
  return JSON.parse(stdout) as Analysed;
}
