import type { ClusterAccess } from '../../../helpers/cluster/provider.ts';
import { publishImages } from '../../../helpers/experiments/images.ts';
import { runExperiment } from '../../../helpers/experiments/runner.ts';
import type { RunnerOptions } from '../../../helpers/experiments/runner.ts';
import type { AnyExperiment } from '../../../helpers/experiments/types.ts';
import { evaluateItem } from '../../../helpers/verdict/evaluate.ts';
import type { Check, Item, ItemVerdict } from '../../../helpers/verdict/types.ts';

interface Tools
  extends
    Pick<RunnerOptions, 'run' | 'target' | 'redactor' | 'progress'>,
    Partial<Pick<RunnerOptions, 'ensureParts' | 'probers'>> {
  cluster: ClusterAccess;
  cacheFolder: string;
  /** Where the run writes. */
  folder: string;
}

/** Runs an experiment on a twin of a target, and judges the checks on it. */
export async function judged(
  experiment: AnyExperiment,
  checks: readonly Check[],
  {
    run,
    target,
    cluster,
    cacheFolder,
    redactor,
    progress,
    folder,
    ensureParts = (access) => Promise.resolve(access),
    probers,
  }: Tools,
): Promise<ItemVerdict['checks']> {
  const history = await runExperiment(experiment, {
    run: { ...run, folder },
    target,
    redactor,
    progress,
    signal: new AbortController().signal,
    cluster: () => Promise.resolve(cluster),
    ensureParts,
    helm: () => Promise.resolve(cluster.helm),
    probers,
    images: (access, version) => publishImages(target, { run, cluster: access, cacheFolder, progress, version }),
  });
  const item: Item = { id: 'twin', kind: 'gate', text: '', checks: [...checks] };
  return evaluateItem(item, new Map([[experiment.id, history]]), { notApplicable: {} }).checks;
}
