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

/** Four attempts, of which one that is slow to show itself takes a minute. In ms. */
const LIMIT_MS = 30 * 60_000;
/** An operator looks at a version for a while before he says no, in ms after its first user. */
const OPERATOR_AFTER_MS = 3_000;

/** Defects that each show in another figure; what is named after none of them is turned back by the operator. */
const DEFECTS = ['failing', 'slow', 'leaking'] as const;

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
        for (const attempt of attemptsOf(target)) await watched(() => rollOut({ ...common, ...attempt }), attempt.name);
      });
    } finally {
      await stopObserving();
    }
  },
};

function attemptsOf(target: ModelTarget): Pick<Rollout, 'name' | 'to' | 'defect' | 'operatorAfterMs'>[] {
  const bad = badVersions(target);
  const provoked = DEFECTS.flatMap((defect) =>
    bad.filter((one) => one.defect === defect).map(({ version }) => ({ name: defect, to: version, defect })),
  );
  return [...provoked, { name: 'manual', to: target.versions.candidate, operatorAfterMs: OPERATOR_AFTER_MS }];
}
