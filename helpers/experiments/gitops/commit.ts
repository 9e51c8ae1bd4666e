import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { editYaml } from '../../gitops/edit.ts';
import { now } from '../../history/history.ts';
import type { Edit, Effect } from '../../target/gitops.ts';
import { own, trial } from '../steps.ts';
import { waitForArrival } from './arrival.ts';
import type { Arrival } from './arrival.ts';
import type { EffectWatch } from './effects.ts';
import type { GitOpsSession } from './session.ts';

/** Once the engine says that a commit is deployed, clients see it within this time or never, in ms: old replicas drain, caches expire. */
const EFFECT_AFTER_ARRIVAL_MS = 2 * 60_000;

/** From a push until every client sees the effect: longer than any rollout of the bundled charts may take, in ms. */
const EFFECT_LIMIT_MS = 15 * 60_000;

/** A commit that was pushed. */
export interface Pushed {
  commit: string;
  /** When the repository had it, in ms since the epoch. */
  pushed: number;
}

/** Edits a file of the desired state, commits it and pushes it, and asks the engine to look. The step `commit.NAME`. */
export function commitEdit(session: GitOpsSession, name: string, { file, set }: Edit): Promise<Pushed> {
  return push(session, name, `Change ${Object.keys(set).join(', ')} in ${file}`, async (message) => {
    const path = join(session.copy.folder, file);
    writeFileSync(path, editYaml(readFileSync(path, 'utf8'), set));
    return session.copy.commit(message);
  });
}

/** Undoes commits by one commit, pushes it, and asks the engine to look. The step `commit.NAME`. */
export function commitRevert(session: GitOpsSession, name: string, commits: readonly string[]): Promise<Pushed> {
  // Git undoes the latest first.
  return push(session, name, 'git revert', () => session.copy.revert(commits.toReversed()));
}

function push(
  { context, copy, engine }: GitOpsSession,
  name: string,
  title: string,
  make: (message: string) => Promise<string>,
): Promise<Pushed> {
  return own(
    context,
    `commit.${name}`,
    title,
    async () => {
      const commit = await make(title);
      await copy.push();
      const pushed = now();
      await engine.ask();
      return { commit, pushed };
    },
    (done) => ({ ...done }),
  );
}

/**
 * Waits until a pushed commit has come into effect: on the cluster as the engine tells (the step `arrived.NAME`), and as clients see it
 * (the step `effect.NAME`), both at the same time. Failing is the target's.
 */
export async function followCommit(
  session: GitOpsSession,
  watch: EffectWatch,
  { name, pushed, effects, present }: { name: string; pushed: Pushed; effects: readonly Effect[]; present: boolean },
): Promise<Arrival | undefined> {
  const { context } = session;
  let arrivedAt = Infinity;
  const isOverdue = () => now() > arrivedAt + EFFECT_AFTER_ARRIVAL_MS;
  const since = (moment: number) => moment - pushed.pushed;
  const arrived = trial(
    context,
    `arrived.${name}`,
    'wait until the commit is deployed',
    async () => {
      try {
        return await waitForArrival(session, pushed.commit, { timeoutMs: EFFECT_LIMIT_MS });
      } finally {
        // Also when the engine gives up: what it has not brought about by then does not come.
        arrivedAt = now();
      }
    },
    ({ fetched, applied, released }) => ({
      commit: pushed.commit,
      pushed: pushed.pushed,
      fetchedMs: since(fetched),
      appliedMs: since(applied),
      releasedMs: Object.fromEntries(Object.entries(released).map(([release, at]) => [release, since(at)])),
    }),
  );
  const seen = trial(
    context,
    `effect.${name}`,
    'look for the effect by MCP calls',
    async () => {
      const moments = [];
      for (const effect of effects)
        moments.push(await watch.wait(effect, { present, timeoutMs: EFFECT_LIMIT_MS, isOverdue }));
      return moments;
    },
    (moments) => ({
      pushed: pushed.pushed,
      firstSeenMs: since(Math.min(...moments.map(({ firstSeen }) => firstSeen))),
      everywhereMs: since(Math.max(...moments.map(({ everywhere }) => everywhere))),
    }),
  );
  const [arrival] = await Promise.all([arrived, seen]);
  return arrival;
}
