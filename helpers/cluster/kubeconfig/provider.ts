import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Options } from '../../config/options.ts';
import { messageOf, UserError } from '../../errors.ts';
import { Kube } from '../../kubernetes/kube.ts';
import { detectParts } from '../detect.ts';
import { isAtLeast } from '../embedded/go.ts';
import { dropLease, liveLeases, takeLease } from '../leases.ts';
import type { ClusterProvider } from '../provider.ts';
import { addKubectl, addMonitoring, findHelm } from '../tools.ts';
import { allowedContext } from './context.ts';
import { writePrivateCopy } from './private-copy.ts';
import { demandRights } from './rights.ts';

/** Native preStop sleep, the in-built drain that charts rely on, is on by default since 1.30. */
const oldestKubernetes = '1.30';
/** An API server that takes longer than this (ms) to tell its version would spoil every figure of a trial. */
const reachableWithinMs = 10_000;

/** The person's own cluster: only a context that they put on the allow-list. */
export function kubeconfigProvider(options: Options): ClusterProvider {
  return {
    name: 'kubeconfig',
    detect: () => Promise.resolve(detect(options)),
    acquire: async ({ owner, progress }) => {
      const config = allowedContext(options);
      const kubernetesVersion = await reachableVersion(config);
      await demandRights(config);
      takeLease(leaseFolder(options), owner);
      removeCopiesOfTheDead(options);
      return {
        provider: 'kubeconfig',
        reason: detect(options).reason,
        kubeconfig: writePrivateCopy(config, privateFile(options, owner)),
        context: config.getCurrentContext(),
        kubernetesVersion,
        helm: await findHelm({ cacheFolder: options.cacheFolder, progress }),
        parts: await detectParts(new Kube(config)),
      };
    },
    // Nothing is added to a cluster of the person's own, but what is there may have to be used.
    ensureParts: async (access, parts) => {
      // Asked by the run's own copy: the person's kubeconfig may say something else by now.
      const { config } = Kube.connect(access);
      for (const part of ['flux', 'istio', 'argo-rollouts', 'metrics'] as const)
        if (parts.includes(part) && access.parts.includes(part))
          await demandRights(config, `cluster-role-${part}.yaml`);
      if (parts.includes('kubectl')) await demandRights(config, 'cluster-role-runbooks.yaml');
      return addMonitoring(await addKubectl(access, parts), parts);
    },
    release: ({ owner }) => {
      rmSync(privateFile(options, owner), { force: true });
      dropLease(leaseFolder(options), owner);
      return Promise.resolve();
    },
  };
}

/** Without an allowed context there is nothing to detect: the person has not offered a cluster. */
function detect({ allowedContexts, context }: Options): { usable: boolean; reason: string } {
  if (allowedContexts.length === 0) return { usable: false, reason: 'no context is on the allow-list' };
  return { usable: true, reason: `a context is on the allow-list: ${context ?? allowedContexts.join(', ')}` };
}

/** @throws UserError when the API server does not answer in time, or is too old. */
async function reachableVersion(config: KubeConfig): Promise<string> {
  const server = config.getCurrentCluster()?.server ?? 'no server';
  const where = `context ${config.getCurrentContext()} (${server})`;
  let version: string;
  const signal = AbortSignal.timeout(reachableWithinMs);
  try {
    ({ gitVersion: version } = await new Kube(config).request<{ gitVersion: string }>('/version', { signal }));
  } catch (thrown) {
    const why = signal.aborted ? `no answer within ${String(reachableWithinMs / 1000)} s` : messageOf(thrown);
    throw new UserError({
      what: `The cluster cannot be used: ${why}`,
      where,
      fix: 'check the network, the credentials and the address in the kubeconfig; kubectl version must work',
    });
  }
  if (isAtLeast(version.replace(/^v/, ''), oldestKubernetes)) return version;
  throw new UserError({
    what: `The cluster runs Kubernetes ${version}; ${oldestKubernetes} or later is needed`,
    where,
    fix: 'upgrade it, or use another cluster',
  });
}

function privateFile({ stateFolder }: Options, owner: number): string {
  return join(stateFolder, 'kubeconfig', String(owner));
}

function leaseFolder({ stateFolder }: Options): string {
  return join(stateFolder, 'kubeconfig', 'leases');
}

/** A run that was killed leaves its copy behind, with credentials in it. */
function removeCopiesOfTheDead(options: Options): void {
  const live = liveLeases(leaseFolder(options)).map(({ pid }) => String(pid));
  const copies = readdirSync(join(options.stateFolder, 'kubeconfig')).filter((name) => /^\d+$/.test(name));
  for (const name of copies.filter((copy) => !live.includes(copy))) rmSync(privateFile(options, Number(name)));
}
