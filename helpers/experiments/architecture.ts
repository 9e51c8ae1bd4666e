import { join } from 'node:path';
import { readLive } from '../architecture/collect.ts';
import { readEntry } from '../architecture/entry.ts';
import { loadArchitecture } from '../architecture/load.ts';
import type { Architecture } from '../architecture/schema.ts';
import { Kube } from '../kubernetes/kube.ts';
import { resolveEndpoint } from '../mcp/endpoint.ts';
import { deployTarget } from './deploy-target.ts';
import { trial } from './steps.ts';
import type { Experiment, ExperimentContext } from './types.ts';

/**
 * Stages a namespace, deploys the target by Helm and writes down what then runs, beside what is recommended for production. Where the
 * deployment is there already, nothing is deployed and nothing is changed.
 */
export const architecture: Experiment = {
  id: 'architecture',
  title: 'What runs beside the architecture that is recommended for production',
  needs: [],
  // The releases have time-outs of their own; this is what they may take together with big images on a slow line. In ms.
  timeLimitMs: 60 * 60_000,

  async run(context) {
    const { target, cluster, history } = context;
    if (target.architecture === undefined) {
      history.fact('architecture.declared', null);
      return;
    }
    const declared = loadArchitecture(join(target.folder, target.architecture));
    history.fact('architecture.declared', declared);
    if (target.existing !== undefined) {
      await record(context, declared, Kube.connect(cluster).within(target.existing.namespace));
      return;
    }
    const { kube, releases, url, stopObserving } = await deployTarget(context);
    if (releases.length === target.releases.length) await record(context, declared, kube, url);
    await stopObserving();
  },
};

async function record(context: ExperimentContext, declared: Architecture, kube: Kube, known?: string): Promise<void> {
  const { target, history, signal } = context;
  const { endpoint } = target.mcp;
  await trial(context, 'read', 'read what runs', async () => {
    const live = await readLive(kube, declared, signal);
    // Where there is no way in, the step that looked for it says why.
    const url = known ?? (await resolveEndpoint(kube, endpoint, signal).catch(() => undefined));
    const entry = url === undefined ? {} : { entry: await readEntry(url, endpoint) };
    history.fact('architecture.live', { ...live, ...entry });
  });
}
