import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { clusterDown, clusterUp } from '../../../helpers/cluster/embedded/commands.ts';
import type { EmbeddedOptions } from '../../../helpers/cluster/embedded/options.ts';
import { embeddedProvider } from '../../../helpers/cluster/embedded/provider.ts';
import { waitUntil } from '../../../helpers/wait.ts';
import { clusterMemory, leftovers, type Figure } from './measure.ts';

const quiet = () => undefined;

/** Command → all nodes Ready and DNS answering, with everything in the cache. The last cluster stays up. */
export async function warmStart(options: EmbeddedOptions, runs: number): Promise<Figure> {
  const samples: number[] = [];
  for (let run = 0; run < runs; run++) {
    await clusterDown(options, { force: false, progress: quiet });
    const start = performance.now();
    await clusterUp(options, quiet);
    samples.push((performance.now() - start) / 1000);
  }
  return {
    name: 'embedded cluster, warm cache: command → nodes Ready, DNS answering',
    unit: 's',
    samples,
    limits: [{ statistic: 'max', atMost: 15 }],
  };
}

/** Memory of the whole cluster after it has idled for a minute. */
export async function idleMemory(): Promise<Figure> {
  // The figure is about the state after a minute of nothing, so a minute of nothing is what is waited for.
  await delay(60_000);
  return {
    name: 'idle memory of the whole embedded cluster',
    unit: 'MiB',
    samples: [clusterMemory()],
    limits: [{ statistic: 'max', atMost: 1229 }],
  };
}

/**
 * Kills a process that brings a cluster up and uses it, at random instants, and counts what is left on the machine once its
 * guardian has done its work.
 */
export async function leaksAfterKill(options: EmbeddedOptions, runs: number): Promise<Figure> {
  await clusterDown(options, { force: false, progress: quiet });
  const samples: number[] = [];
  for (let run = 0; run < runs; run++) {
    const user = spawn(process.execPath, [join(import.meta.dirname, 'user.ts'), JSON.stringify(options)], {
      stdio: 'ignore',
    });
    await delay(Math.random() * 12_000);
    user.kill('SIGKILL');
    await once(user, 'exit');
    await waitUntil('nothing is left', () => leftovers().length === 0, { timeoutMs: 60_000, everyMs: 250 }).catch(
      quiet,
    );
    samples.push(leftovers().length);
    // The next one must find the machine as a user would: a lock that was left behind included.
    await embeddedProvider(options).release({ owner: process.pid, progress: quiet });
  }
  return {
    name: `leaks after ${String(runs)} runs ended at random instants with kill -9`,
    unit: 'count',
    samples,
    limits: [{ statistic: 'max', atMost: 0 }],
  };
}
