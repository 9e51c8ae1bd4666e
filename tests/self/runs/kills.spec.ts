import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from '../../../fixtures/test.ts';
import { discover, listAll } from '../../../helpers/kubernetes/discovery.ts';
import { Kube } from '../../../helpers/kubernetes/kube.ts';
import { labels } from '../../../helpers/kubernetes/labels.ts';
import { kinds, nameOf } from '../../../helpers/kubernetes/resources.ts';
import { sweep } from '../../../helpers/kubernetes/sweep.ts';
import { startRun } from './whole-run.ts';

const gate = 'Gate: Helm deployment';
/** How many runs are killed: `KILLS=50 npm run test:full -- kills.spec.ts` for the figure that is promised. */
const KILLS = Number(process.env.KILLS ?? 5);
/** The same instants again: `KILL_SEED`, as an earlier run told it. */
const SEED = Number(process.env.KILL_SEED ?? Date.now() % 2 ** 31);
/** A run of the gate takes about a minute: instants from its first moment to beyond its end, in ms. */
const SPAN_MS = 75_000;
/** Within this time the next start has to have removed everything, in ms. */
const REMOVED_WITHIN_MS = 60_000;
/** Starting, being killed, and sweeping, in ms. */
const EACH_MS = SPAN_MS + REMOVED_WITHIN_MS + 60_000;

/** `Kind/name` of every object with a run's label, but for those of this run itself. */
async function ofOtherRuns(kube: Kube, own: string): Promise<string[]> {
  const selector = { labelSelector: `${labels.run},${labels.run}!=${own}` };
  const found = await listAll(kube, await discover(kube, { namespaced: false }), selector);
  return found.map(({ resource, object }) => nameOf(resource, object));
}

/** Processes that inherited their run from that owner. */
function processesOf(owner: number): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
        return environment.includes(`SEATRIAL_RUN_OWNER=${String(owner)}`);
      } catch {
        // It has ended meanwhile.
        return false;
      }
    })
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      } catch {
        return '';
      }
    })
    .filter((command) => command !== '');
}

test.describe('Runs that are killed', { tag: '@full' }, () => {
  test(`should leave nothing once the next one starts, ${String(KILLS)} times`, async ({
    cluster,
    run: own,
    progress,
  }) => {
    test.setTimeout(KILLS * EACH_MS + 10 * 60_000);
    test.info().annotations.push({ type: 'seed', description: `KILL_SEED=${String(SEED)}` });
    const kube = Kube.connect(cluster);
    const bystander = { metadata: { generateName: 'nobody-of-ours-' } };
    const namespace = (await kube.create(kinds.namespace, bystander)).metadata?.name ?? '';
    const role = (await kube.create(kinds.clusterRole, { ...bystander, rules: [] })).metadata?.name ?? '';
    try {
      const instants = fc.sample(fc.integer({ min: 0, max: SPAN_MS }), { seed: SEED, numRuns: KILLS });
      for (const [index, instant] of instants.entries()) {
        const killed = startRun(gate);
        await Promise.race([delay(instant), killed.ended]);
        killed.process.kill('SIGKILL');
        await killed.ended;
        progress(`run ${String(index + 1)} of ${String(KILLS)} was killed after ${String(instant)} ms`);

        const left = async () => {
          const { failed } = await sweep(kube, progress);
          return [...failed, ...(await ofOtherRuns(kube, own.id)), ...processesOf(killed.process.pid ?? 0)];
        };
        await expect
          .poll(left, { timeout: REMOVED_WITHIN_MS, message: `after a kill at ${String(instant)} ms` })
          .toEqual([]);
      }
      // What is not ours is as it was.
      expect((await kube.get(kinds.namespace, { name: namespace })).metadata?.deletionTimestamp).toBeUndefined();
      expect((await kube.get(kinds.clusterRole, { name: role })).metadata?.name).toBe(role);
    } finally {
      await kube.delete(kinds.namespace, { name: namespace });
      await kube.delete(kinds.clusterRole, { name: role });
    }
  });
});
