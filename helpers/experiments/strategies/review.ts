import { manifestsOf } from '../../deliverables/manifests.ts';
import { policyFindings, probeFindings, rollbackPlanFindings } from '../../deliverables/review.ts';
import { isMeshed } from '../../deliverables/slots.ts';
import { applyObjects } from '../../kubernetes/apply.ts';
import { planFor } from '../../planning/plan.ts';
import { strategies } from '../../target/model/schema.ts';
import { own, trial } from '../steps.ts';
import type { ModelExperiment } from '../types.ts';

/** The API server is asked some twenty times, in ms. */
const LIMIT_MS = 5 * 60_000;

/**
 * What is looked at before anything is deployed: whether the API server would take the manifests of every strategy (server-side dry run: schema,
 * admission, quotas), and what a reviewer would hold against those of the declared one. Strategies that need a mesh are asked where it is
 * there. Steps: `namespace`, `dry-run.STRATEGY`. Facts: `review.policy`, `review.probes`, `review.rollback-plan`.
 */
export const modelReview: ModelExperiment = {
  id: 'model.review',
  kind: 'Model',
  title: 'The manifests of a model reviewed',
  needs: [],
  wants: ['istio'],
  timeLimitMs: LIMIT_MS,
  async run(context) {
    const { target, history, cluster } = context;
    const images = await context.images();
    const { kube } = await own(context, 'namespace', 'make a namespace', () => context.namespace());
    for (const strategy of strategies) {
      if (isMeshed(strategy) && !cluster.parts.includes('istio')) continue;
      const { base, stable, candidate, autoscaler, entry } = manifestsOf(target, strategy, images);
      const objects = [...base, ...stable, ...candidate, ...autoscaler, ...entry];
      await trial(
        context,
        `dry-run.${strategy}`,
        `ask the API server whether it would take the manifests of ${strategy}`,
        // What is sent is JSON, whose moments are texts; manifests have none.
        () => applyObjects(kube, objects as never, { dryRun: true }),
        () => ({ objects: objects.length }),
      );
    }
    const declared = Object.values(manifestsOf(target, target.strategy, images)).flat();
    history.fact('review.policy', policyFindings(declared));
    history.fact('review.probes', probeFindings(declared));
    history.fact('review.rollback-plan', rollbackPlanFindings(target, planFor(target)));
  },
};
