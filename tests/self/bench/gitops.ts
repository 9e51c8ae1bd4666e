import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { clusterDown, clusterUp } from '../../../helpers/cluster/embedded/commands.ts';
import type { EmbeddedOptions } from '../../../helpers/cluster/embedded/options.ts';
import { ensureEmbeddedParts } from '../../../helpers/cluster/embedded/on-demand.ts';
import { History } from '../../../helpers/history/history.ts';
import type { Figure } from './measure.ts';

const root = join(import.meta.dirname, '../../..');
const silent = () => undefined;

/** What Flux costs who needs it, and how long a commit takes to every client. */
export async function gitops(options: EmbeddedOptions, runs: number): Promise<Figure[]> {
  const added: number[] = [];
  for (let run = 0; run < runs; run++) {
    await clusterDown(options, { force: false, progress: silent });
    await clusterUp(options, silent);
    const start = performance.now();
    await ensureEmbeddedParts(options, ['flux'], silent);
    added.push((performance.now() - start) / 1000);
  }
  const env = { SEATRIAL_YES: '1' };
  // The figures are wanted whatever the verdict.
  await execa('npx', ['playwright', 'test', '-g', 'Criterion 3'], { cwd: root, env, reject: false });
  const history = History.read(join(root, 'reports/latest/experiments/contextforge/gitops.deploy/history.jsonl'));
  if (history === undefined) throw new Error('the run left no history');
  return [
    { name: 'Flux added to a running cluster, warm', unit: 's', samples: added, limits: [] },
    ...figuresOf(history),
  ];
}

const effect = z.object({ firstSeenMs: z.number(), everywhereMs: z.number() });
const arrived = z.object({ appliedMs: z.number(), releasedMs: z.record(z.string(), z.number()) });

function figuresOf(history: History): Figure[] {
  const deployed = history.step('deployed');
  const figure = (name: string, samples: number[], note?: string): Figure => ({
    name,
    unit: 's',
    samples,
    limits: [],
    ...(note === undefined ? {} : { note }),
  });
  return [
    figure(
      'declared in Git → all releases ready, images in the registry',
      deployed?.ok === true ? [(deployed.end - deployed.start) / 1000] : [],
    ),
    ...['gateway', 'server', 'policy', 'revert'].map((kind) => {
      const seen = effect.safeParse(history.step(`effect.${kind}`)?.detail).data;
      const way = arrived.safeParse(history.step(`arrived.${kind}`)?.detail).data;
      const released = way === undefined ? 0 : Math.max(...Object.values(way.releasedMs));
      const note = way && `applied ${(way.appliedMs / 1000).toFixed(1)} s, released ${(released / 1000).toFixed(1)} s`;
      return figure(`push → seen by every client: ${kind}`, seen === undefined ? [] : [seen.everywhereMs / 1000], note);
    }),
  ];
}
