import { History } from '../../../../helpers/history/history.ts';
import { planFor } from '../../../../helpers/planning/plan.ts';
import { strategies } from '../../../../helpers/target/model/schema.ts';
import { model } from '../target/model.ts';

const target = model({ trialFactor: 0.02 });

/** What `model.review` records of a model against whose manifests there is nothing to be said. */
export const modelReviewHistory = new History([
  { type: 'begin', at: 0, experiment: 'model.review', target: target.name, run: '20261121-100000-abcd' },
  ...['dry-run.rolling', 'dry-run.blue_green'].map((id) => ({
    ...{ type: 'step' as const, id, title: id, start: 1, end: 2, ok: true },
    detail: { objects: 7 },
  })),
  ...['policy', 'probes', 'rollback-plan'].map((topic) => ({
    ...{ type: 'fact' as const, at: 3, key: `review.${topic}` },
    value: [],
  })),
  { type: 'end', at: 4, status: 'completed' },
]);

/** What `model.plan` records of a target whose strategy fits. */
export const modelPlanHistory = new History([
  { type: 'begin', at: 0, experiment: 'model.plan', target: target.name, run: '20261121-100000-abcd' },
  { type: 'fact', at: 1, key: 'plan.requirements', value: target.requirements },
  { type: 'fact', at: 2, key: 'plan.all', value: strategies.map((strategy) => planFor(target, strategy)) },
  { type: 'end', at: 3, status: 'completed' },
]);
