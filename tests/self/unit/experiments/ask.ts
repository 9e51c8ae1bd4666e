import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runExperiment } from '../../../../helpers/experiments/runner.ts';
import type { RunnerOptions } from '../../../../helpers/experiments/runner.ts';
import type { Experiment } from '../../../../helpers/experiments/types.ts';
import { Redactor } from '../../../../helpers/kubernetes/redact.ts';
import type { Target } from '../../../../helpers/target/schema.ts';

/** What an experiment of these tests needs: no cluster. */
export function runnerOptions(folder: string, signal = new AbortController().signal): RunnerOptions {
  const target = {
    name: 'sample',
    kind: 'McpGateway',
    images: [],
    releases: [],
    kubernetesVersions: [],
    notApplicable: {},
  } as unknown as Target;
  return {
    run: { id: 'r', folder, owner: process.pid },
    target,
    redactor: new Redactor(),
    progress: () => undefined,
    signal,
    cluster: () => Promise.reject(new Error('there is no cluster')),
    ensureParts: (cluster) => Promise.resolve(cluster),
    helm: () => Promise.resolve('helm'),
    images: () => Promise.resolve({}),
  };
}

/** Notes in `attempts` that it ran, and takes long enough for another process to come and ask. */
export const counted: Experiment = {
  id: 'counted',
  title: 'counted',
  needs: [],
  timeLimitMs: 60_000,
  clusterless: true,
  async run({ history, folder }) {
    appendFileSync(join(folder, 'attempts'), `${String(process.pid)}\n`);
    await delay(1500);
    history.fact('pid', process.pid);
  },
};

// Started as a process of its own, with the run's folder as its argument.
const [, script, folder] = process.argv;
if (script === import.meta.filename && folder !== undefined) {
  const history = await runExperiment(counted, runnerOptions(folder));
  process.stdout.write(String(history.fact('pid')));
}
