import { join } from 'node:path';
import { execa } from 'execa';
import { ensurePart } from './embedded/build.ts';
import { isAtLeast } from './embedded/go.ts';
import type { ClusterAccess, ClusterPart, Progress } from './provider.ts';

/** Charts come from OCI registries since this version of Helm. */
const oldestHelm = '3.8';

/**
 * The helm command for what needs no cluster: the machine's own when it is new enough, so that a chart is judged by the Helm that
 * its users have; else the one that is built for the embedded cluster.
 * @throws UserError when there is neither a Helm nor a Go to build it with.
 */
export async function findHelm({
  cacheFolder,
  progress,
}: {
  cacheFolder: string;
  progress: Progress;
}): Promise<string> {
  const { stdout, failed } = await execa('helm', ['version', '--template', '{{.Version}}'], { reject: false });
  if (!failed && isAtLeast(stdout.replace(/^v/, ''), oldestHelm)) return 'helm';
  return join(await ensurePart('helm', { cacheFolder, progress }), 'helm');
}

/** The access with the machine's own kubectl, when that is among `parts` and installed: to a foreign cluster nobody else brings one. */
export async function addKubectl(access: ClusterAccess, parts: readonly ClusterPart[]): Promise<ClusterAccess> {
  if (!parts.includes('kubectl') || access.kubectl !== undefined) return access;
  const { stdout, failed } = await execa('sh', ['-c', 'command -v kubectl'], { reject: false, stdin: 'ignore' });
  return failed ? access : { ...access, kubectl: stdout.trim(), parts: [...access.parts, 'kubectl'] };
}

/** The projects' own images, of the releases that Debian carries for the embedded cluster: the same flags and the same configuration. */
const monitoring = {
  prometheus: 'quay.io/prometheus/prometheus:v2.53.3',
  alertmanager: 'quay.io/prometheus/alertmanager:v0.28.1',
};

/** The access with the images of Prometheus, when that is among `parts`: a cluster that pulls images has them from their projects. */
export function addMonitoring(access: ClusterAccess, parts: readonly ClusterPart[]): ClusterAccess {
  if (!parts.includes('prometheus') || access.monitoring !== undefined) return access;
  return { ...access, monitoring, parts: [...access.parts, 'prometheus'] };
}
