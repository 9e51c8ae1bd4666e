import { modelMetrics, podStateJob } from '../../monitoring/metrics.ts';
import { expressionOf, inBaseUnit, isWatched } from '../../monitoring/rules.ts';
import { rollbackTriggers } from '../../planning/limits.ts';
import type { Limit } from '../../planning/schema.ts';
import type { ModelDeclaration } from '../../target/model/schema.ts';
import { predictPort } from '../../target/model/serving.ts';
import { thresholds } from '../../verdict/thresholds.ts';
import type { Manifest } from '../objects.ts';
import { sampleRequest } from '../sample-request.ts';
import { metadata } from '../workloads.ts';
import type { RolloutTiming } from './timing.ts';

/** An object of Argo Rollouts, whose types nobody publishes for TypeScript. */
export type ArgoObject = Manifest & { spec: Record<string, unknown> };

/** Arguments of the analyses, as the Rollout fills them in. */
const CANDIDATE_HASH = 'candidate-hash';
const MODEL_VERSION = 'model-version';
const NAMESPACE = 'namespace';

/** Until the Service of the candidate leads to nobody else, in seconds: nodes hear of it a moment later than the controller. */
const SETTLE_SECONDS = 5;

/** The namespace of the Rollout, in a field of an AnalysisTemplate. */
export const OWN_NAMESPACE = `{{args.${NAMESPACE}}}`;

/** What a Rollout gives to its analyses. */
export const analysisArguments = [
  { name: CANDIDATE_HASH, valueFrom: { podTemplateHashValue: 'Latest' } },
  { name: MODEL_VERSION, valueFrom: { fieldRef: { fieldPath: `metadata.labels['${MODEL_VERSION}']` } } },
  { name: NAMESPACE, valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
];

/** The labels of a Rollout that its analyses ask for. */
export function analysedLabels(modelVersion: string): Record<string, string> {
  return { [MODEL_VERSION]: modelVersion };
}

export function samplesName({ name }: Pick<ModelDeclaration, 'name'>): string {
  return `${name}-samples`;
}

export function triggersName({ name }: Pick<ModelDeclaration, 'name'>): string {
  return `${name}-triggers`;
}

/** Whether there is a sample that can be asked over HTTP: an analysis has no other way. */
export function hasAskableSamples(model: ModelDeclaration): boolean {
  return model.samples.some((sample) => sampleRequest(model, sample) !== undefined);
}

/**
 * Asks the candidate every sample, past the way that users take; the same texts must be in the answers as in those that `deploy.sh` gets. An
 * answer that says its version must be one of the candidate. Of an answer that is no JSON the controller sees nothing but its status.
 */
export function samplesTemplate(model: ModelDeclaration, service: string): ArgoObject {
  const port = model.serving.ports[predictPort(model.serving)];
  return template(
    model,
    samplesName(model),
    model.samples.flatMap((sample) => {
      const request = sampleRequest(model, sample);
      if (request === undefined) return [];
      const texts = Object.values(sample.expected).filter((value) => typeof value === 'string');
      const conditions = [
        `(!("model_version" in result) || result.model_version == "{{args.${MODEL_VERSION}}}")`,
        ...texts.map((text) => `toJSON(result) contains ${JSON.stringify(asGoWrites(text))}`),
      ];
      return [
        {
          name: sample.name,
          initialDelay: `${String(SETTLE_SECONDS)}s`,
          successCondition: conditions.join(' && '),
          provider: {
            web: {
              method: 'POST',
              url: `http://${service}.${OWN_NAMESPACE}.svc:${String(port)}${request.path}`,
              jsonBody: request.body,
              timeoutSeconds: Math.max(1, Math.ceil(model.serving.deadlineMs / 1000)),
            },
          },
        },
      ];
    }),
  );
}

/** A text in JSON as the controller writes it, with what HTML could take for its own as codes. */
function asGoWrites(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * Measures every rollback trigger on the pods of the candidate alone; the first measurement beyond a limit turns it back.
 * @param lasts seconds after which it has seen enough; without it, it measures for as long as the Rollout lasts.
 */
export function triggersTemplate(
  model: ModelDeclaration,
  { prometheus, timing, lasts }: { prometheus: string; timing: RolloutTiming; lasts?: number },
): ArgoObject {
  const metrics = modelMetrics(model, `${model.name}-{{args.${CANDIDATE_HASH}}}-[a-z0-9]{5}`);
  const window = `${String(timing.window)}s`;
  const measured = rollbackTriggers(model).flatMap((limit) => {
    const { metric } = limit;
    if (metrics === undefined || !isWatched(metric)) return [];
    const isOfPods = metric === 'availability' || metric === 'oom-kills';
    const value = expressionOf(metrics, metric, window);
    const enough = `${metrics.requests(window, '')} * ${String(timing.window)} >= ${String(thresholds.rollbackSamples.value)}`;
    // Before it has looked back over a whole window, it would see pods that were not there yet.
    const delay = metric === 'availability' ? timing.window : 0;
    return [
      {
        name: metric,
        interval: `${String(timing.interval)}s`,
        ...(delay === 0 ? {} : { initialDelay: `${String(delay)}s` }),
        ...(lasts === undefined ? {} : { count: Math.max(1, Math.floor((lasts - delay) / timing.interval) + 1) }),
        ...conditions(limit),
        provider: {
          prometheus: {
            address: prometheus,
            query: isOfPods ? whetherOrNot(metric, value) : `(${value}) and on () (${enough})`,
          },
        },
      },
    ];
  });
  return template(model, triggersName(model), measured);
}

/** With too few calls behind it there is no figure, and nothing to turn back for. */
function conditions({ comparator, value, unit }: Limit): { successCondition: string; failureCondition: string } {
  const limit = String(inBaseUnit({ value, unit }));
  const within = comparator === '<' ? '>=' : '<=';
  return {
    successCondition: `len(result) == 0 || result[0] ${within} ${limit}`,
    failureCondition: `len(result) > 0 && result[0] ${comparator} ${limit}`,
  };
}

/** That no container was killed is a figure as well, where somebody tells the states of pods. */
function whetherOrNot(metric: Limit['metric'], value: string): string {
  return metric === 'oom-kills' ? `${value} or 0 * max(up{job=~".*${podStateJob}.*"})` : value;
}

function template(model: ModelDeclaration, name: string, measured: readonly object[]): ArgoObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisTemplate',
    metadata: metadata(model, name, 'analysis'),
    spec: { args: analysisArguments.map((argument) => ({ name: argument.name })), metrics: measured },
  };
}
