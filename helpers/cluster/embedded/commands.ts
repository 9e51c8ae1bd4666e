import { createReadStream, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import { UserError } from '../../errors.ts';
import { withClusterLock } from '../lock.ts';
import { liveLeases } from '../leases.ts';
import type { ClusterAccess, Progress } from '../provider.ts';
import { takeDown } from './down.ts';
import { layout } from './layout.ts';
import type { EmbeddedOptions } from './options.ts';
import { isHealthy, joinOrBringUp } from './provider.ts';
import { readFacts } from './up.ts';

/** `seatrial cluster up`: brings the cluster up, or keeps the one that is, until `cluster down`. */
export function clusterUp(options: EmbeddedOptions, progress: Progress): Promise<ClusterAccess> {
  const cluster = layout(options);
  return withClusterLock(cluster.lock, progress, async () => {
    const access = await joinOrBringUp(options, { kept: true, reason: 'brought up by hand', progress });
    writeFileSync(cluster.facts, JSON.stringify({ ...readFacts(cluster), kept: true }, undefined, 2));
    return access;
  });
}

/**
 * `seatrial cluster down`: removes the cluster, whole or half-made.
 * @throws UserError when runs are using it, unless `force`.
 */
export function clusterDown(
  options: EmbeddedOptions,
  { force, progress }: { force: boolean; progress: Progress },
): Promise<void> {
  const { lock, leases } = layout(options);
  return withClusterLock(lock, progress, async () => {
    const users = liveLeases(leases).map(({ pid }) => String(pid));
    if (users.length > 0 && !force) {
      throw new UserError({
        what: `The cluster is in use by ${users.length === 1 ? 'process' : 'processes'} ${users.join(', ')}`,
        fix: 'wait for the end of the run, or say --force',
      });
    }
    await takeDown(options, progress);
  });
}

/** `seatrial cluster status`: what is up, for whom. */
export async function clusterStatus(options: EmbeddedOptions): Promise<string> {
  const cluster = layout(options);
  const facts = readFacts(cluster);
  if (facts === undefined) return 'down';
  const users = liveLeases(cluster.leases).map(({ pid }) => String(pid));
  return [
    (await isHealthy(facts, options)) ? 'up' : `not well (it was ${facts.phase}); the next start removes it`,
    `nodes       ${String(facts.nodes)}, network ${facts.network}.0.0/16`,
    `kubernetes  ${facts.access?.kubernetesVersion ?? 'not up yet'}`,
    `registry    ${facts.access?.registry?.push ?? 'not up yet'}`,
    `kubeconfig  ${cluster.kubeconfig}`,
    `kept        ${facts.kept ? 'until `seatrial cluster down`' : 'until its last user leaves'}`,
    `users       ${users.length === 0 ? 'none' : users.join(', ')}`,
  ].join('\n');
}

/**
 * `seatrial cluster kubeconfig`: path of the administrator's kubeconfig.
 * @throws UserError when no cluster is up.
 */
export function clusterKubeconfig(options: EmbeddedOptions): string {
  const { kubeconfig } = layout(options);
  if (!existsSync(kubeconfig))
    throw new UserError({ what: 'No embedded cluster is up', fix: 'run `npx seatrial cluster up`' });
  return kubeconfig;
}

/**
 * `seatrial cluster logs [component]`: prints a component's log, or the names of all components.
 * @throws UserError for an unknown component.
 */
export async function clusterLogs(
  options: EmbeddedOptions,
  component: string | undefined,
  { follow }: { follow: boolean },
): Promise<void> {
  const { logs } = layout(options);
  const names = existsSync(logs) ? readdirSync(logs).map((name) => name.replace(/\.log$/, '')) : [];
  if (component === undefined) {
    process.stdout.write(names.length === 0 ? 'no embedded cluster is up\n' : `${names.sort().join('\n')}\n`);
    return;
  }
  if (!names.includes(component)) {
    throw new UserError({
      what: `There is no log of ${component}`,
      where: logs,
      fix: names.length === 0 ? 'run `npx seatrial cluster up`' : `choose one of ${names.sort().join(', ')}`,
    });
  }
  const file = join(logs, `${component}.log`);
  if (follow) await execa('tail', ['-n', '+1', '-F', file], { stdio: 'inherit' });
  else await pipeline(createReadStream(file), process.stdout, { end: false });
}
