import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { planSvg } from '../planning/gantt.ts';
import { planFor } from '../planning/plan.ts';
import { planText } from '../planning/text.ts';
import { strategies } from '../target/model/schema.ts';
import { PLANS, REQUIREMENTS } from '../verdict/plan-facts.ts';
import { own } from './steps.ts';
import type { ModelExperiment } from './types.ts';

/** The plan of the target's own strategy and those of the others, as data in the history, and as text and picture beside it. */
export const modelPlan: ModelExperiment = {
  id: 'model.plan',
  kind: 'Model',
  title: 'The rollout of a model planned',
  needs: [],
  // It computes. In ms.
  timeLimitMs: 60_000,
  clusterless: true,
  helmless: true,

  async run(context) {
    const { target, history, folder } = context;
    history.fact(REQUIREMENTS, target.requirements);
    // The strategy of the target comes first: what is said of one plan is said of that one.
    const wanted = [target.strategy, ...strategies.filter((strategy) => strategy !== target.strategy)];
    const plans = await own(
      context,
      'plan',
      'plan the rollout',
      () => Promise.resolve(wanted.map((strategy) => planFor(target, strategy))),
      (made) => ({ plans: made.length, trialFactor: target.trialFactor }),
    );
    history.fact(PLANS, plans);
    for (const plan of plans) {
      writeFileSync(join(folder, `plan-${plan.strategy}.txt`), planText(plan));
      writeFileSync(join(folder, `plan-${plan.strategy}.svg`), planSvg(plan));
      writeFileSync(join(folder, `plan-${plan.strategy}.json`), `${JSON.stringify(plan, undefined, 2)}\n`);
    }
  },
};
