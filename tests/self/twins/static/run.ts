import { join } from 'node:path';
import { findHelm } from '../../../../helpers/cluster/tools.ts';
import { loadOptions } from '../../../../helpers/config/options.ts';
import { experimentById } from '../../../../helpers/experiments/experiments.ts';
import { runExperiment } from '../../../../helpers/experiments/runner.ts';
import { runnerOptions } from '../../unit/experiments/ask.ts';
import { deviations, judgeAll, redOf } from '../judge.ts';
import { makeTwin } from '../make.ts';
import type { Twin } from '../twin.ts';

export interface Found {
  /** What is red, and why, by the ids of the checks. */
  red: ReadonlyMap<string, string>;
  /** Where that is not what the twin says. */
  deviations: string[];
}

/** What is red without a defect, by target, release and experiment: found once. */
const without = new Map<string, Promise<ReadonlyMap<string, string>>>();

/**
 * Runs the twin's experiment on it, with the real helm, and on the target without the defect.
 * @param folder to write into; within the repository, so that targets may refer to each other.
 */
export async function runStatic(twin: Twin, folder: string): Promise<Found> {
  const { target, release = 'all', experiment } = twin;
  const key = [target, release, experiment].join('-');
  const sound = { ...twin, name: `${target}-without-defect`, patches: [] };
  const known = without.get(key) ?? redIn(sound, join(folder, key));
  without.set(key, known);
  const red = await redIn(twin, join(folder, twin.name));
  return { red, deviations: deviations(twin, red, await known) };
}

async function redIn(twin: Twin, folder: string): Promise<ReadonlyMap<string, string>> {
  const { cacheFolder } = loadOptions();
  const options = runnerOptions(join(folder, 'run'));
  const helm = () => findHelm({ cacheFolder, progress: () => undefined });
  const target = makeTwin(twin, join(folder, 'targets'));
  const history = await runExperiment(experimentById(twin.experiment), { ...options, helm, target });
  return redOf(judgeAll(twin.experiment, history));
}
