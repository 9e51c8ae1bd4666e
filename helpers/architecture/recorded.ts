import { z } from 'zod';
import type { History } from '../history/history.ts';
import type { Live } from './live.ts';
import type { Architecture } from './schema.ts';

const list = z.array(z.looseObject({ name: z.string() }));

/** The outline is verified; what is in it was validated before it was recorded. */
const declaredSchema = z
  .looseObject({ source: z.array(z.unknown()).min(1), components: list.min(1) })
  .transform((value) => value as unknown as Architecture);

/** The outline is verified; the objects are as the API server gave them. */
const liveSchema = z
  .looseObject({
    namespace: z.string(),
    workloads: list,
    pods: list,
    nodes: list,
    podDisruptionBudgets: list,
    autoscalers: list,
    networkPolicies: list,
    services: list,
    ingresses: list,
    serviceAccounts: list,
    configMaps: list,
    stores: list,
  })
  .transform((value) => value as unknown as Live);

/** What the history of the experiment `architecture` recorded. */
export interface Recorded {
  declared: Architecture;
  live: Live;
  /** The line of the history that holds what runs; what is declared stands some lines above it. */
  evidence: string;
}

/** What was recorded, or why there is nothing to compare. */
export function recordedIn(history: History): Recorded | { missing: string } {
  const declared = history.factRecord('architecture.declared');
  if (declared === undefined) return { missing: 'the fact architecture.declared was not recorded' };
  if (declared.value === null)
    return { missing: 'the target declares no architecture: name a file under "architecture:" in target.yaml' };
  const live = history.factRecord('architecture.live');
  if (live === undefined) {
    const failed = history.steps.find(({ ok }) => !ok);
    const why = failed === undefined ? '' : `: ${failed.id} failed: ${failed.error ?? 'no reason was recorded'}`;
    return { missing: `nothing was read that could be compared${why}` };
  }
  const parsed = { declared: declaredSchema.safeParse(declared.value), live: liveSchema.safeParse(live.value) };
  if (!parsed.declared.success || !parsed.live.success)
    return { missing: 'what was recorded is not what the experiment architecture records' };
  return { declared: parsed.declared.data, live: parsed.live.data, evidence: history.reference(live) };
}
