import { now } from '../../history/history.ts';
import { waitUntil } from '../../wait.ts';
import { own, trial } from '../steps.ts';
import { LOOK_EVERY_MS } from './arrival.ts';
import { commitRevert, followCommit } from './commit.ts';
import type { EffectWatch } from './effects.ts';
import { hold } from './serving.ts';
import type { GitOpsSession } from './session.ts';
import type { MadeChange } from './suspension.ts';

/** The engine asks at least once a minute, and was asked to ask: then it knows, in ms. */
const NOTICED_WITHIN_MS = 3 * 60_000;
/** For this long nothing may change while Git is away, in ms. */
const HOLD_MS = 5_000;

/**
 * Takes the Git server away, commits meanwhile, and brings it back: who asks sees that the engine cannot fetch and why, nothing changes,
 * and afterwards the commit arrives by itself. Steps: `git-away`, `told.git-away`, `commit.git-away`, `held.git-away`, `git-back`, and
 * what follows a commit.
 */
export async function loseGit(session: GitOpsSession, watch: EffectWatch, made: MadeChange | undefined): Promise<void> {
  const { context, engine, remote } = session;
  const { outage } = remote;
  if (outage === undefined || made === undefined) {
    context.history.fact(
      'git-away.not-tried',
      outage === undefined ? 'the Git server is not the trial’s own' : 'no change was made that could be undone',
    );
    return;
  }
  await own(context, 'git-away', 'take the Git server away', () => outage.begin());
  const away = now();
  try {
    await engine.ask();
    await trial(
      context,
      'told.git-away',
      'wait until the engine says so',
      () => untilSourceFails(session),
      (told) => ({ ...told, ms: now() - away }),
    );
    const pushed = await commitRevert(session, 'git-away', [made.commit]);
    await trial(
      context,
      'held.git-away',
      'look that all stays as it is',
      () =>
        hold(context, HOLD_MS, async () => {
          const { answered, holds } = await watch.look(made.change.effect);
          return answered && holds;
        }),
      (held) => ({ ...held }),
    );
    await own(context, 'git-back', 'bring the Git server back', () => outage.end());
    // From when it can be fetched.
    const back = { ...pushed, pushed: now() };
    await followCommit(session, watch, {
      name: 'git-back',
      pushed: back,
      effects: [made.change.effect],
      present: false,
    });
  } finally {
    context.history.fact('git-away.over', true);
  }
}

async function untilSourceFails({
  engine,
  context,
}: GitOpsSession): Promise<{ object: string; reason: string; message: string }> {
  let told: { object: string; reason: string; message: string } | undefined;
  const failing = async () => {
    const [source] = await engine.status();
    if (source === undefined || source.ready || /NotReady|Progressing/.test(source.reason)) return false;
    const { object, reason, message } = source;
    told = { object, reason, message };
    return true;
  };
  await waitUntil('the engine says that it cannot fetch', failing, {
    timeoutMs: NOTICED_WITHIN_MS,
    everyMs: LOOK_EVERY_MS,
    signal: context.signal,
  });
  if (told === undefined) throw new Error('the engine said nothing');
  return told;
}
