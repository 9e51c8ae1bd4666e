import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chooseProvider } from '../cluster/choose.ts';
import type { ClusterAccess, Progress, ProviderName } from '../cluster/provider.ts';
import type { Options } from '../config/options.ts';
import { Kube } from '../kubernetes/kube.ts';
import { sweep } from '../kubernetes/sweep.ts';
import { once } from './once.ts';
import { updateRun } from './run.ts';
import type { Run } from './run.ts';

/** Which provider was asked: that one must be given its lease back, even if what was asked for never came. */
const askedFile = (run: Run) => join(run.folder, 'cluster.provider');

/**
 * The run's cluster: the first who asks brings it up or joins it and sweeps what killed runs left there, the others get the same.
 * The lease is held by the run's main process.
 * @throws UserError when there can be none.
 */
export function acquireCluster(run: Run, options: Options, progress: Progress): Promise<ClusterAccess> {
  return once(join(run.folder, 'cluster.json'), async () => {
    const { provider, reason } = await chooseProvider(options);
    progress(`cluster: ${provider.name}, since ${reason}`);
    writeFileSync(askedFile(run), provider.name);
    const access = { ...(await provider.acquire({ owner: run.owner, progress })), reason };
    updateRun(run, { provider: access.provider, reason, kubernetesVersion: access.kubernetesVersion });
    const { failed } = await sweep(Kube.connect(access), progress);
    for (const trouble of failed) progress(`left behind by an earlier run, and cannot be removed: ${trouble}`);
    return access;
  });
}

/** Gives the lease back, if the run ever asked for a cluster. */
export async function releaseCluster(run: Run, options: Options, progress: Progress): Promise<void> {
  if (!existsSync(askedFile(run))) return;
  const provider = readFileSync(askedFile(run), 'utf8') as ProviderName;
  const chosen = await chooseProvider({ ...options, provider });
  await chosen.provider.release({ owner: run.owner, progress });
}
