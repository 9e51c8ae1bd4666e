import type { Plan } from '../../planning/schema.ts';
import type { ArgoStrategy } from '../../target/model/engines.ts';
import type { ModelDeclaration } from '../../target/model/schema.ts';
import type { ModelVersion } from '../../target/model/versions.ts';
import type { ImageLocations } from '../../target/placeholders.ts';
import { virtualServiceNames } from '../mesh.ts';
import { entryName, slotOf } from '../slots.ts';
import type { Role } from '../slots.ts';
import { metadata, podTemplate } from '../workloads.ts';
import { analysedLabels, analysisArguments, hasAskableSamples, samplesName, triggersName } from './analysis.ts';
import type { ArgoObject } from './analysis.ts';
import { directService } from './services.ts';
import { canarySteps, firstExposure } from './steps.ts';
import { watchedSeconds } from './timing.ts';
import type { RolloutTiming } from './timing.ts';

/** How long it may go on without one more pod being ready, in seconds, before a version counts as one that never gets ready. */
const READY_SECONDS = 300;

export interface RolloutOptions {
  strategy: ArgoStrategy;
  plan: Pick<Plan, 'phases'>;
  timing: RolloutTiming;
  /** Whose pods it has; both versions are one Rollout, one after the other. */
  role: Role;
  /** Default: the declared one of that role. */
  version?: ModelVersion;
  images: ImageLocations;
  /** Whether the candidate is asked the samples before users meet it. Default: yes. */
  tested?: boolean;
}

/** The Rollout of a model: given another version, the controller brings that in by itself, as it is planned, or turns it back. */
export function argoRollout(model: ModelDeclaration, options: RolloutOptions): ArgoObject {
  const { strategy, plan, timing, role, version = model.versions[role], images } = options;
  const selector = { app: model.name };
  const own = metadata(model, model.name, role);
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { ...own, labels: { ...own.labels, ...analysedLabels(version.modelVersion) } },
    spec: {
      // Where there is an autoscaler, the number is its own: a version that is applied in the middle of a rush must not take pods away.
      ...(model.autoscaling === undefined ? { replicas: model.replicas } : {}),
      revisionHistoryLimit: 3,
      // The controller takes the time in which it analyses what has all users already (blue-green) for one without progress.
      progressDeadlineSeconds: READY_SECONDS + (strategy === 'blue_green' ? watchedSeconds(plan, timing) : 0),
      progressDeadlineAbort: true,
      // Back to the version before at once, without the steps.
      rollbackWindow: { revisions: 1 },
      selector: { matchLabels: selector },
      strategy: strategy === 'canary' ? { canary: canary(model, options) } : { blueGreen: blueGreen(model, options) },
      template: podTemplate(model, version, { strategy, selector, images }),
    },
  };
}

/** The whole stable version stays until the candidate serves everybody, so that weights alone turn it back. */
function canary(model: ModelDeclaration, { plan, timing, tested = true }: RolloutOptions) {
  const { steps } = canarySteps(model, plan, { timing, tested });
  return {
    canaryService: directService(model, 'canary', 'candidate'),
    stableService: directService(model, 'canary', 'stable'),
    maxSurge: 1,
    maxUnavailable: 0,
    scaleDownDelaySeconds: timing.linger,
    abortScaleDownDelaySeconds: timing.linger,
    trafficRouting: {
      istio: {
        virtualServices: virtualServiceNames(model).map((name) => ({ name, routes: ['users'] })),
        destinationRule: {
          name: model.name,
          stableSubsetName: slotOf('canary', 'stable'),
          canarySubsetName: slotOf('canary', 'candidate'),
        },
      },
    },
    analysis: {
      templates: [{ templateName: triggersName(model) }],
      startingStep: firstExposure(steps),
      args: analysisArguments,
    },
    steps,
  };
}

function blueGreen(model: ModelDeclaration, { plan, timing, tested = true }: RolloutOptions) {
  const test = plan.phases.find(({ actions }) => actions.some(({ type }) => type === 'test'));
  const analysed = (templateName: string) => ({ templates: [{ templateName }], args: analysisArguments });
  return {
    activeService: entryName(model.name),
    previewService: directService(model, 'blue_green', 'candidate'),
    autoPromotionEnabled: true,
    // For a version that is not tested there is nothing to wait for.
    autoPromotionSeconds: test === undefined || !tested ? 1 : timing.dwell(test),
    ...(tested && hasAskableSamples(model) ? { prePromotionAnalysis: analysed(samplesName(model)) } : {}),
    postPromotionAnalysis: analysed(triggersName(model)),
    scaleDownDelaySeconds: timing.linger,
    abortScaleDownDelaySeconds: timing.linger,
  };
}
