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
