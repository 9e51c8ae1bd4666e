import type { Role } from '../../deliverables/slots.ts';
import type { Notifier } from '../../notifications/notifier.ts';
import type { Plan } from '../../planning/schema.ts';
import type { Comparison } from '../../rollout/comparison.ts';
import type { ModelVersion } from '../../target/model/versions.ts';
import type { Site } from './site.ts';

/** One version brought in, as it is planned. */
export interface Rollout {
  /** Of the facts and steps: `candidate`, or the defect of a bad version. */
  name: string;
  site: Site;
  plan: Plan;
  from: ModelVersion;
  to: ModelVersion;
  /** What is wrong with it; then its samples may be predicted wrong before users meet it, and it is let through nevertheless. */
  defect?: string;
  /** When an operator turns it back, in ms after it has met its first user; nobody does where this is missing. */
  operatorAfterMs?: number;
  /** Tells people when it is rolled back. */
  notifier?: Notifier;
  /** What an A/B test has found; decided once. */
  comparison?: Comparison;
}

/** The version of a role in this rollout. */
export function versionOf({ from, to }: Pick<Rollout, 'from' | 'to'>, role: Role): ModelVersion {
  return role === 'stable' ? from : to;
}

/** Pods of one version, whatever their Deployment. */
export function podsOf({ site }: Pick<Rollout, 'site'>, { modelVersion }: Pick<ModelVersion, 'modelVersion'>): string {
  return `app=${site.context.target.name},model-version=${modelVersion}`;
}
