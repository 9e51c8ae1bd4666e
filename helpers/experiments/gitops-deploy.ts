import { McpClient } from '../mcp/client.ts';
import type { Effect } from '../target/gitops.ts';
import { commitEdit, commitRevert, followCommit } from './gitops/commit.ts';
import { EffectWatch } from './gitops/effects.ts';
import type { FrontDoor } from './gitops/effects.ts';
import { enterOnceDeployed } from './gitops/enter.ts';
import { lacksGitops, withGitOps } from './gitops/session.ts';
import type { GitOpsSession } from './gitops/session.ts';
import { differences, stateOf } from './gitops/state.ts';
import type { StateDigests } from './gitops/state.ts';
import { trial } from './steps.ts';
import type { Experiment } from './types.ts';
import { CALL_LENGTHS, underTraffic } from './under-traffic.ts';

/** What of the configuration is changed, one commit each. */
const KINDS = ['gateway', 'server', 'policy'] as const;

/** Empty namespace and repository → working tool call → configuration changed by commits → all of it undone by `git revert`. */
export const gitopsDeploy: Experiment = {
  id: 'gitops.deploy',
  title: 'Deployed, changed and rolled back through Git alone',
  needs: ['flux'],
  lacks: lacksGitops,
  // A deployment and four changes, each with a rollout; limits of their own end each of them earlier. In ms.
  timeLimitMs: 90 * 60_000,

  run: (context) =>
    withGitOps(context, async (session) => {
      const door = await enterOnceDeployed(session);
      if (door === undefined) return;
      await changeAndRevert(session, door);
    }),
};

async function changeAndRevert(session: GitOpsSession, door: FrontDoor): Promise<void> {
  const { context, declared } = session;
  const { history } = context;
  const watch = new EffectWatch(context, door);
  const before = await recordState(session, door, 'before');
  const made: { commit: string; effect: Effect }[] = [];
  for (const kind of KINDS) {
    const change = declared.changes[kind];
    if (change === undefined) continue;
    const { effect } = change;
    // An effect that is there without the change would prove nothing.
    history.fact(`effect-before.${kind}`, await watch.look(effect));
    const pushed = await commitEdit(session, kind, change);
    made.push({ commit: pushed.commit, effect });
    await followCommit(session, watch, { name: kind, pushed, effects: [effect], present: true });
  }
  if (made.length === 0) return;
  const changed = await recordState(session, door, 'changed');
  if (before !== undefined && changed !== undefined) history.fact('state.changes', differences(before, changed));
  const commits = made.map(({ commit }) => commit);
  const effects = made.map(({ effect }) => effect);
  // All that was changed rolls at once: what a change by Git can cost shows here.
  await underTraffic(context, { ...door, lengths: CALL_LENGTHS }, async () => {
    const pushed = await commitRevert(session, 'revert', commits);
    await followCommit(session, watch, { name: 'revert', pushed, effects, present: false });
  });
  const after = await recordState(session, door, 'after');
  if (before !== undefined && after !== undefined) history.fact('state.not-restored', differences(before, after));
}

/** What the namespace serves and is configured with, as the step `state.NAME`. */
function recordState(
  { context, kube }: GitOpsSession,
  { url, token }: FrontDoor,
  name: string,
): Promise<StateDigests | undefined> {
  const { target, signal } = context;
  return trial(
    context,
    `state.${name}`,
    'take down what is served and configured',
    async () => {
      const client = await McpClient.connect({ url, token, protocol: target.mcp.protocol, signal });
      try {
        return await stateOf(kube, client);
      } finally {
        await client.close();
      }
    },
    (digests) => ({ digests }),
  );
}
