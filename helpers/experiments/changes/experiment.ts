import { EffectWatch } from '../../gateways/effect.ts';
import type { Mistake } from '../../errors.ts';
import { SHORT_CALL_LENGTHS, underTraffic } from '../under-traffic.ts';
import type { Target } from '../../target/schema.ts';
import { changeTitles } from '../../verdict/changes.ts';
import type { ChangeExperimentId } from '../../verdict/changes.ts';
import { deployTarget } from '../deploy-target.ts';
import { trial } from '../steps.ts';
import type { Experiment } from '../types.ts';
import { releasesWith } from './overrides.ts';
import type { OverridesByRelease } from './overrides.ts';
import type { Prepared } from './prepare.ts';
import { recordPods, recordServed, recordState } from './record.ts';
import { withSession } from './session.ts';
import type { Session } from './session.ts';

/** A change that is made while traffic is on the target. */
export interface ChangeExperiment {
  id: ChangeExperimentId;
  /** Lengths of the calls in flight, in seconds. */
  lengths?: readonly number[];
  /** What the target has to declare for it, as it stands below `changes:`. */
  declared: (changes: NonNullable<Target['changes']>, target: Target) => boolean;
  /** Where that stands, and what it says. */
  field: string;
  /** What the releases are installed with. */
  installed?: (target: Target) => OverridesByRelease;
  /** What comes before the traffic; the state before the change is recorded already. */
  prepare: (session: Session) => Promise<Prepared>;
  /** What comes after the traffic and is no part of the change. */
  after?: (session: Session) => Promise<void>;
}

/** In ms. */
const LIMITS = {
  /** Deploying, changing and taking away have limits of their own below this. */
  experiment: 30 * 60_000,
  /** Until each pod has been asked once before the change. */
  firstAnswers: 10_000,
  /**
   * After a change was made: longer than what it may take, so that it is known how long it took. Nodes look after the ConfigMaps of their
   * pods once in a minute or so.
   */
  everywhere: 120_000,
} as const;
/**
 * Pause between two questions to a pod, in ms. A question costs a gateway as much as a call: with four of them a second for two pods the
 * moments are known to ±250 ms, and the questions are no load of their own.
 */
const ASK_EVERY_MS = 400;

/** An experiment with a namespace of its own. Facts: `change`, `effect`, `state.before`, `state.after`, `pods.before`, `pods.after`, `served`. */
export function changeExperiment(definition: ChangeExperiment): Experiment {
  const { id, installed } = definition;
  const what = changeTitles[id];
  return {
    id,
    title: `${what.charAt(0).toUpperCase()}${what.slice(1)} under traffic`,
    needs: [],
    timeLimitMs: LIMITS.experiment,
    lacks: (target) => whatLacks(definition, target),
    async run(context) {
      const overrides = installed?.(context.target) ?? [];
      const deployed = await deployTarget(context, { releases: releasesWith(context.target, overrides) });
      const { url } = deployed;
      try {
        if (url !== undefined)
          await withSession(context, { ...deployed, url }, (session) => tryChange(session, definition));
      } finally {
        await deployed.stopObserving();
      }
    },
  };
}

function whatLacks({ id, declared, field }: ChangeExperiment, target: Target): Mistake | undefined {
  const { changes, file } = target;
  if (changes !== undefined && declared(changes, target)) return undefined;
  return {
    what: `The target does not declare what ${id} needs`,
    where: `${file} changes.${field}`,
    fix: 'declare how it is done, or say under notApplicable why it does not apply',
  };
}

async function tryChange(session: Session, { id, lengths, prepare, after }: ChangeExperiment): Promise<void> {
  const what = changeTitles[id];
  const { context, deployed, token } = session;
  await recordState(session, 'before');
  const prepared = await prepare(session);
  const { kind, hot, way } = prepared;
  context.history.fact('change', { what, kind, hot, way });
  await recordPods(session, 'before');
  const traffic = { url: deployed.url, token, lengths: lengths ?? SHORT_CALL_LENGTHS };
  await underTraffic(context, traffic, () => makeChange(session, what, prepared));
  // A target that no longer answers is a result too: the traffic says how much was lost.
  const looked = await trial(context, 'look', 'look at what is served in the end', async () => {
    await recordPods(session, 'after');
    await recordServed(session);
    await recordState(session, 'after');
    return true;
  });
  if (looked === true) await after?.(session);
}

/** Makes the change and waits until the last pod serves it. Step: `change.made`, which may fail: that is a result. */
async function makeChange(session: Session, what: string, { apply, ask, pods }: Prepared): Promise<void> {
  const { context, deployed, serving, at } = session;
  const { signal, history } = context;
  const make = () => trial(context, 'change.made', what, () => apply().then(() => true));
  if (ask === undefined) {
    await make();
    return;
  }
  const watch = new EffectWatch({
    kube: deployed.kube,
    labelSelector: (pods ?? serving).labelSelector,
    ask: async (pod) => ask(pod, await at(pod)),
    everyMs: ASK_EVERY_MS,
    signal,
  });
  try {
    await watch.begun(LIMITS.firstAnswers);
    if ((await make()) === true) await watch.everywhere(LIMITS.everywhere);
  } finally {
    history.fact('effect', await watch.stop());
  }
}
