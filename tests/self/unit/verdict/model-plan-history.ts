import { History } from '../../../../helpers/history/history.ts';
import { planFor } from '../../../../helpers/planning/plan.ts';
import { strategies } from '../../../../helpers/target/model/schema.ts';
import { model } from '../target/model.ts';

const target = model({ trialFactor: 0.02 });

/** What `model.plan` records of a target whose strategy fits. */
export const modelPlanHistory = new History([
  { type: 'begin', at: 0, experiment: 'model.plan', target: target.name, run: '20261121-100000-abcd' },
  { type: 'fact', at: 1, key: 'plan.requirements', value: target.requirements },
  { type: 'fact', at: 2, key: 'plan.all', value: strategies.map((strategy) => planFor(target, strategy)) },
  { type: 'end', at: 3, status: 'completed' },
]);
