import { now } from '../../history/history.ts';
import { channelOf, destinationsAt } from '../../notifications/destinations.ts';
import { Notifier } from '../../notifications/notifier.ts';
import { startReceiver } from '../../notifications/receiver.ts';
import { planFor } from '../../planning/plan.ts';
import type { ModelTarget } from '../../target/model/schema.ts';
import { withPlannedTraffic } from '../under-traffic.ts';
import type { ModelExperiment } from '../types.ts';
import { badVersions } from './bad-versions.ts';
import { lacksPredictions } from './experiment.ts';
import { rollOut } from './roll-out.ts';
import type { Rollout } from './rollout.ts';
import { deployModel } from './site.ts';
import { modelTraffic } from './traffic.ts';
import { validateRollback } from './validate.ts';

/** Six attempts, of which one that is slow to show itself takes a minute. In ms. */
const LIMIT_MS = 30 * 60_000;
/** An operator looks at a version for a while before he says no, in ms after its first user. */
const OPERATOR_AFTER_MS = 3_000;

/** Defects that each show in another figure; what is named after none of them is turned back by the operator. */
const DEFECTS = ['failing', 'slow', 'leaking', 'interrupted'] as const;
/** A version that stays just within all limits has a whole window of its worst by then, in ms after its first user. */
const BORDERLINE_AFTER_MS = 26_000;

/**
 * Each rollback trigger provoked for real, one after the other, on the same stable version: by blue-green, since there all users meet the
 * bad version at once and are back at once.
 */
export const rollbackTriggers: ModelExperiment = {
  id: 'rollback.triggers',
  kind: 'Model',
  title: 'Bad versions turned back by what they show, and a good one by an operator',
  needs: [],
  wants: ['load-balancer'],
  timeLimitMs: LIMIT_MS,
  lacks: lacksPredictions,
  async run(context) {
    const { target } = context;
    const { site, stopObserving } = await deployModel(context, 'blue_green');
    try {
      if (site === undefined) return;
      const plan = planFor(target, 'blue_green');
      const common = { site, plan, from: target.versions.stable };
      await withPlannedTraffic(context, modelTraffic(site), async (watched) => {
        for (const attempt of attemptsOf(target))
          await watched(() => turnedBack({ ...common, ...attempt }), attempt.name);
      });
    } finally {
      await stopObserving();
    }
  },
};

/** Brings a version in, tells people of its rollback, and does afterwards what the plan has for validation. Facts: `communication.NAME`, `validated.NAME`. */
async function turnedBack(rollout: Rollout): Promise<void> {
  const { name, site } = rollout;
  const { history, target } = site.context;
  // Whoever is told here listens on this machine, for the message comes from this process.
  const receiver = await startReceiver('127.0.0.1');
  try {
    const notifier = new Notifier(destinationsAt(receiver, target));
    await rollOut({ ...rollout, notifier });
    const since = now();
    const sent = await notifier.sent();
    history.fact(`communication.${name}`, { channel: channelOf(target), sent, received: receiver.received });
    history.fact(`validated.${name}`, await validateRollback(rollout, since));
  } finally {
    receiver.close();
  }
}

function attemptsOf(target: ModelTarget): Pick<Rollout, 'name' | 'to' | 'defect' | 'operatorAfterMs'>[] {
  const bad = badVersions(target);
  const provoked = DEFECTS.flatMap((defect) =>
    bad.filter((one) => one.defect === defect).map(({ version }) => ({ name: defect, to: version, defect })),
  );
  const { borderline } = target.versions;
  const within =
    borderline === undefined
      ? []
      : [{ name: 'borderline', to: borderline, defect: 'borderline', operatorAfterMs: BORDERLINE_AFTER_MS }];
  return [
    ...provoked,
    ...within,
    { name: 'manual', to: target.versions.candidate, operatorAfterMs: OPERATOR_AFTER_MS },
  ];
}
