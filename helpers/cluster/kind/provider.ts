import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { platform } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Options } from '../../config/options.ts';
import { messageOf, UserError } from '../../errors.ts';
import { withClusterLock } from '../lock.ts';
import { dropLease, liveLeases, takeLease } from '../leases.ts';
import { Kube } from '../../kubernetes/kube.ts';
import { detectParts } from '../detect.ts';
import type { ClusterPart, ClusterProvider, Progress } from '../provider.ts';
import { addKubectl, addMonitoring, findHelm } from '../tools.ts';

/** Name of the cluster as kind knows it. */
export const kindCluster = 'seatrial';
/** An engine that takes longer than this (ms) to answer is not one to try a deployment on. */
const answersWithinMs = 10_000;

/** What the file says until the cluster is complete. */
const CREATING = 'creating';

/** Kubernetes in containers, where a container engine runs. */
export function kindProvider(options: Options): ClusterProvider {
  const leases = join(options.stateFolder, 'kind-leases');
  const lock = join(options.stateFolder, 'kind.lock');
  const kubeconfig = join(options.stateFolder, 'kind.kubeconfig');
  const ours = join(options.stateFolder, 'kind.created-for-a-run');
  return {
    name: 'kind',
    detect,
    acquire: ({ owner, progress }) =>
      withClusterLock(lock, progress, async () => {
        takeLease(leases, owner);
        await ensureCluster(options, { kubeconfig, ours }, progress);
        const helm = await findHelm({ cacheFolder: options.cacheFolder, progress });
        return {
          provider: 'kind',
          reason: (await detect()).reason,
          kubeconfig,
          context: `kind-${kindCluster}`,
          kubernetesVersion: await versionOf(kubeconfig),
          helm,
          parts: [...new Set<ClusterPart>(['storage', ...(await installedParts(kubeconfig))])],
        };
      }),
    ensureParts: async (access, parts) => addMonitoring(await addKubectl(access, parts), parts),
    release: ({ owner, progress }) =>
      withClusterLock(lock, progress, async () => {
        dropLease(leases, owner);
        if (liveLeases(leases).length > 0 || !existsSync(ours)) return;
        if (!options.keepCluster) {
          progress('deleting the kind cluster');
          await deleteCluster(kubeconfig);
        }
        rmSync(ours);
      }),
  };
}

async function detect(): Promise<{ usable: boolean; reason: string }> {
  if (platform() !== 'linux') {
    return {
      usable: false,
      reason: `from ${platform()} the addresses of kind's nodes, and so NodePorts, are not reachable`,
    };
  }
  const answers = (file: string, args: string[]) =>
    execa(file, args, { reject: false, timeout: answersWithinMs, stdin: 'ignore' }).then(({ failed }) => !failed);
  const [docker, podman, kind] = await Promise.all([
    answers('docker', ['info']),
    answers('podman', ['info']),
    answers('kind', ['version']),
  ]);
  const engine = docker ? 'docker' : podman ? 'podman' : undefined;
  if (engine === undefined) return { usable: false, reason: 'no container engine answers (docker info, podman info)' };
  if (!kind) return { usable: false, reason: `${engine} runs, but there is no kind command` };
  return { usable: true, reason: `${engine} runs and kind is installed` };
}

/**
 * Creates the cluster when there is none; its nodes are one control plane and the workers that the options ask for. The file `ours` is
 * there as long as the cluster is one that a run created: only such a one may a run delete.
 */
async function ensureCluster(
  { nodes }: Options,
  { kubeconfig, ours }: { kubeconfig: string; ours: string },
  progress: Progress,
): Promise<void> {
  const { stdout } = await execa('kind', ['get', 'clusters']);
  if (stdout.split('\n').includes(kindCluster)) {
    if (!wasCutOff(ours)) {
      await execa('kind', ['export', 'kubeconfig', '--name', kindCluster, '--kubeconfig', kubeconfig]);
      return;
    }
    progress('deleting a kind cluster whose creation was cut off');
    await deleteCluster(kubeconfig);
  }
  writeFileSync(ours, CREATING);
  progress(`creating a kind cluster with ${String(nodes)} workers`);
  const roles = ['control-plane', ...Array.from({ length: nodes }, () => 'worker')];
  const config = { kind: 'Cluster', apiVersion: 'kind.x-k8s.io/v1alpha4', nodes: roles.map((role) => ({ role })) };
  try {
    await execa(
      'kind',
      ['create', 'cluster', '--name', kindCluster, '--kubeconfig', kubeconfig, '--wait', '5m', '--config', '-'],
      { input: JSON.stringify(config) },
    );
    writeFileSync(ours, 'created');
  } catch (thrown) {
    throw new UserError({
      what: `kind could not create a cluster: ${messageOf(thrown).split('\n').slice(-3).join(' ')}`,
      where: 'kind create cluster',
      fix: 'see that the container engine has memory and disk to spare, or use another provider',
    });
  }
}

/** Whoever reads this holds the lock, so nobody is creating it any more. */
function wasCutOff(ours: string): boolean {
  return existsSync(ours) && readFileSync(ours, 'utf8') === CREATING;
}

async function deleteCluster(kubeconfig: string): Promise<void> {
  await execa('kind', ['delete', 'cluster', '--name', kindCluster, '--kubeconfig', kubeconfig]);
}

/** What somebody has installed on the cluster beyond what kind brings. */
function installedParts(kubeconfig: string): Promise<ClusterPart[]> {
  return detectParts(Kube.connect({ kubeconfig, context: `kind-${kindCluster}` }));
}

async function versionOf(kubeconfig: string): Promise<string> {
  const { KubeConfig, VersionApi } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  return (await config.makeApiClient(VersionApi).getCode()).gitVersion;
}
