import type { z } from 'zod';
import { appliedFact, deliveredFact, serverFact } from '../deliverables/facts.ts';
import type { AppliedFact, DeliveredFact, ServerFact } from '../deliverables/facts.ts';
import type { History } from '../history/history.ts';
import { strategies } from '../target/model/schema.ts';
import type { Strategy } from '../target/model/schema.ts';
import { PLANS } from '../verdict/plan-facts.ts';

export type Histories = ReadonlyMap<string, History>;

/** What was executed for one strategy. */
export interface Executed {
  /** Id of the experiment. */
  experiment: string;
  delivered: DeliveredFact;
  applied: AppliedFact;
  server: ServerFact | undefined;
}

/** What an experiment wrote down under a key; undefined where it is missing, or not as it should be. */
export function factOf<T>(history: History | undefined, key: string, schema: z.ZodType<T>): T | undefined {
  return schema.safeParse(history?.fact(key)).data;
}

/** The deliverables that were executed for a strategy; undefined when no script came to an end. */
export function executedFor(histories: Histories, strategy: Strategy): Executed | undefined {
  const experiment = `deliverables.${strategy.replaceAll('_', '-')}`;
  const history = histories.get(experiment);
  const delivered = factOf(history, 'delivered', deliveredFact);
  const applied = factOf(history, 'applied', appliedFact);
  if (delivered === undefined || applied === undefined) return undefined;
  return { experiment, delivered, applied, server: factOf(history, 'server.process', serverFact) };
}

/** Of the declared strategy; of another one where that was not executed, which each file that is made of it says. */
export function mainExecuted(histories: Histories): Executed | undefined {
  const declared = declaredStrategy(histories);
  const order = [...(declared === undefined ? [] : [declared]), ...strategies];
  return order.map((strategy) => executedFor(histories, strategy)).find((found) => found !== undefined);
}

/** The strategy that the target declares, as its plan has recorded it. */
function declaredStrategy(histories: Histories): Strategy | undefined {
  const [plan] = (histories.get('model.plan')?.fact(PLANS) ?? []) as { declaredStrategy?: Strategy }[];
  return plan?.declaredStrategy;
}
