import type { ModelDeclaration, Strategy } from '../../target/model/schema.ts';
import type { durations } from '../durations.ts';
import type { Limit, PlanAction } from '../schema.ts';

/** A phase before it has its place in time. */
export interface Draft {
  name: string;
  duration: keyof typeof durations;
  dwell?: true;
  actions: PlanAction[];
  /** Percentage of calls that the candidate gets at the end of it. */
  candidateShare: number;
  expectations: Limit[];
  rollback: { text: string; actions: PlanAction[] };
}

/** How one strategy brings a candidate in. */
export interface Recipe {
  strategy: Strategy;
  /** How the candidate is turned back, in one sentence. */
  rollback: string;
  phases(model: ModelDeclaration): Draft[];
}
