import { expect, test } from '@playwright/test';
import { execaSync } from 'execa';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { argoManifests } from '../../../../helpers/deliverables/argo/manifests.ts';
import { canarySteps, firstExposure } from '../../../../helpers/deliverables/argo/steps.ts';
import { plannedRollout, trialRollout } from '../../../../helpers/deliverables/argo/timing.ts';
import { deliverables, engineFor } from '../../../../helpers/deliverables/deliver.ts';
import { rollbackTriggers } from '../../../../helpers/planning/limits.ts';
import { planFor } from '../../../../helpers/planning/plan.ts';
import { argoStrategies } from '../../../../helpers/target/model/engines.ts';
import type { ArgoStrategy } from '../../../../helpers/target/model/engines.ts';
import { strategies } from '../../../../helpers/target/model/schema.ts';
import type { ModelDeclaration } from '../../../../helpers/target/model/schema.ts';
import { model } from '../target/model.ts';

const declared = model({
  trialFactor: 0.02,
  engines: ['kubernetes', 'argo-rollouts'],
  analysis: { prometheus: 'http://prometheus.monitoring.svc:9090' },
  autoscaling: { maxReplicas: 10 },
  samples: [{ name: 'first', input: { features: [1, 2, 3, 4] }, expected: { class: 'a "rose"' } }],
});
const prometheus = declared.analysis?.prometheus ?? '';

interface Metric {
  name: string;
  interval?: string;
  count?: number;
  initialDelay?: string;
  successCondition: string;
  failureCondition: string;
  provider: { prometheus?: { address: string; query: string }; web?: { url: string; jsonBody: unknown } };
}

function objectsOf(strategy: ArgoStrategy, timing = plannedRollout, of: ModelDeclaration = declared) {
  return argoManifests(of, { strategy, plan: planFor(of, strategy), timing, images: {}, prometheus });
}

function metricsOf(strategy: ArgoStrategy, suffix: string, timing = plannedRollout, of = declared): Metric[] {
  const found = objectsOf(strategy, timing, of).base.find(({ metadata }) => metadata?.name === `model-${suffix}`);
  return (found as { spec?: { metrics: Metric[] } } | undefined)?.spec?.metrics ?? [];
}

test.describe('A model that Argo Rollouts brings versions of in', { tag: '@static' }, () => {
  test('should have the steps of the plan of a canary, with its weights and its dwell times', () => {
    const { steps, ends } = canarySteps(declared, planFor(declared, 'canary'), {
      timing: plannedRollout,
      tested: true,
    });
    const told = steps.map((step) => JSON.stringify(step).replace(/"templates.*/, ''));
    expect(told).toEqual([
      '{"setCanaryScale":{"weight":33}}',
      '{"analysis":{',
      '{"setWeight":10}',
      '{"pause":{"duration":"1800s"}}',
      '{"setCanaryScale":{"weight":33}}',
      '{"setWeight":25}',
      '{"pause":{"duration":"1800s"}}',
      '{"setCanaryScale":{"weight":66}}',
      '{"setWeight":50}',
      '{"pause":{"duration":"1800s"}}',
      '{"setCanaryScale":{"weight":100}}',
      '{"setWeight":100}',
    ]);
    expect(ends).toEqual([3, 4, 6, 7, 9, 10, 12]);
    expect(firstExposure(steps)).toBe(2);
  });

  test('should dwell by the trial factor in a trial, and not be asked the samples of a version that is known to be bad', () => {
    const { steps } = canarySteps(declared, planFor(declared, 'canary'), { timing: trialRollout, tested: false });
    expect(steps.filter((step) => 'pause' in step)).toEqual(Array(3).fill({ pause: { duration: '36s' } }));
    expect(steps.filter((step) => 'analysis' in step)).toEqual([]);
  });

  test('should have steps whose weights only grow, and as many ends as phases, whatever the first weight', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 20 }), (canaryPercentage, replicas) => {
        const own = model({ strategy: 'canary', canaryPercentage, replicas });
        const plan = planFor(own);
        const { steps, ends } = canarySteps(own, plan, { timing: plannedRollout, tested: true });
        const weights = steps.flatMap((step) => ('setWeight' in step ? [Number(step.setWeight)] : []));
        expect(weights).toEqual([...new Set(weights)].toSorted((a, b) => a - b));
        expect(weights.at(-1)).toBe(100);
        expect(ends).toHaveLength(plan.phases.length);
        expect(ends.at(-1)).toBe(steps.length);
      }),
    );
  });

  test('should have as many pods of the candidate as planned, or a little more where a percentage of many is not one pod', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 1000 }), (canaryPercentage, replicas) => {
        const own = model({ strategy: 'canary', canaryPercentage, replicas });
        const plan = planFor(own);
        const { steps } = canarySteps(own, plan, { timing: plannedRollout, tested: true });
        const wanted = plan.phases.flatMap(({ actions }) =>
          actions.flatMap((action) => (action.type === 'deploy' || action.type === 'scale' ? [action.replicas] : [])),
        );
        // As the controller counts.
        const made = steps.flatMap((step) =>
          'setCanaryScale' in step
            ? [Math.ceil(((step.setCanaryScale as { weight: number }).weight * replicas) / 100)]
            : [],
        );
        expect(made).toHaveLength(wanted.length);
        for (const [index, count] of made.entries()) {
          const least = wanted[index] ?? Infinity;
          expect(count).toBeGreaterThanOrEqual(least);
          expect(count).toBeLessThanOrEqual(replicas <= 100 ? least : least + replicas / 100);
        }
      }),
    );
  });

  for (const strategy of argoStrategies)
    test(`should be analysed by every rollback trigger, on the pods of the candidate alone (${strategy})`, () => {
      const metrics = metricsOf(strategy, 'triggers');
      expect(metrics.map(({ name }) => name)).toEqual(rollbackTriggers(declared).map(({ metric }) => metric));
      for (const { provider } of metrics) {
        expect(provider.prometheus?.address).toBe(prometheus);
        expect(provider.prometheus?.query).toContain('pod=~"model-{{args.candidate-hash}}-[a-z0-9]{5}"');
      }
      expect(metrics.find(({ name }) => name === 'error-rate')).toMatchObject({
        interval: '30s',
        successCondition: 'len(result) == 0 || result[0] <= 0.05',
        failureCondition: 'len(result) > 0 && result[0] > 0.05',
      });
      expect(metrics.find(({ name }) => name === 'availability')?.failureCondition).toBe(
        'len(result) > 0 && result[0] < 0.95',
      );
      // Prometheus counts seconds.
      expect(metrics.find(({ name }) => name === 'p95')?.failureCondition).toBe('len(result) > 0 && result[0] > 1');
    });

  test('should say nothing of a candidate before enough calls were made', () => {
    const query = metricsOf('canary', 'triggers', trialRollout)[0]?.provider.prometheus?.query ?? '';
    expect(query).toMatch(/ and on \(\) \(sum by \(\) \(rate\(http_requests_total\{.*\}\[10s\]\)\) \* 10 >= 59\)$/);
  });

  test('should be analysed for as long as the plan watches it after a switch, and throughout as a canary', () => {
    expect(metricsOf('canary', 'triggers').map(({ count }) => count)).toEqual(Array(5).fill(undefined));
    const after = metricsOf('blue_green', 'triggers', trialRollout);
    const lasts = after.map(
      ({ count = 0, initialDelay = '0s' }) => (count - 1) * 2 + Number.parseInt(initialDelay, 10),
    );
    expect(lasts).toEqual(Array(5).fill(36));
  });

  test('should ask the candidate every sample, where it is asked directly', () => {
    expect(metricsOf('canary', 'samples')).toMatchObject([
      {
        name: 'first',
        initialDelay: '5s',
        successCondition: String.raw`(!("model_version" in result) || result.model_version == "{{args.model-version}}") && toJSON(result) contains "\"a \\\"rose\\\"\""`,
        provider: {
          web: {
            method: 'POST',
            url: 'http://model-canary.{{args.namespace}}.svc:8000/predict',
            jsonBody: { features: [1, 2, 3, 4] },
          },
        },
      },
    ]);
    expect(metricsOf('blue_green', 'samples')[0]?.provider.web?.url).toContain('http://model-preview.');
  });

  test('should look in answers for texts as the controller writes them', () => {
    const expected = { class: 'salt & <pepper>' };
    const samples = [{ name: 'first', input: { features: [1, 2, 3, 4] }, expected, tolerance: 0 }];
    const [asked] = metricsOf('canary', 'samples', plannedRollout, { ...declared, samples });
    expect(asked?.successCondition).toMatch(
      / && toJSON\(result\) contains "\\"salt \\\\u0026 \\\\u003cpepper\\\\u003e\\""$/,
    );
  });

  test('should not be turned back for want of progress while it is analysed with all users on it', () => {
    const deadline = (strategy: ArgoStrategy) =>
      (objectsOf(strategy).candidate[0] as { spec?: { progressDeadlineSeconds: number } } | undefined)?.spec
        ?.progressDeadlineSeconds;
    const watched = planFor(declared, 'blue_green').phases.find(({ actions }) =>
      actions.some(({ type }) => type === 'monitor'),
    );
    expect(watched?.plannedMs).toBeGreaterThan(300_000);
    expect(deadline('blue_green')).toBe(300 + (watched?.plannedMs ?? 0) / 1000);
    expect(deadline('canary')).toBe(300);
  });

  test('should leave the number of pods to an autoscaler where there is one', () => {
    const { autoscaling: _autoscaling, ...fixed } = declared;
    for (const strategy of argoStrategies) {
      expect(objectsOf(strategy).candidate).not.toMatchObject([{ spec: { replicas: expect.any(Number) } }]);
      expect(objectsOf(strategy, plannedRollout, fixed).candidate).toMatchObject([{ spec: { replicas: 3 } }]);
      const scripts = [declared, fixed].map(
        (own) => deliverables(own, {}, strategy, 'argo-rollouts').find(({ name }) => name === 'deploy.sh')?.content,
      );
      expect(scripts[0]).toContain('k scale "rollout/$APP" --replicas 3');
      expect(scripts[1]).not.toContain('k scale');
    }
  });

  test('should have Services and subsets that leave it to the controller whose pods they mean', () => {
    const canary = objectsOf('canary');
    const names = canary.base.map(({ kind, metadata }) => `${kind ?? ''}/${metadata?.name ?? ''}`);
    expect(names).toEqual(expect.arrayContaining(['Service/model', 'Service/model-stable', 'Service/model-canary']));
    const subsets = (
      canary.base.find(({ kind }) => kind === 'DestinationRule') as { spec?: { subsets: { labels: object }[] } }
    ).spec?.subsets;
    expect(subsets?.map(({ labels }) => labels)).toEqual([{ app: 'model' }, { app: 'model' }]);
    const blueGreen = objectsOf('blue_green');
    expect(blueGreen.entry).toMatchObject([{ metadata: { name: 'model-lb' }, spec: { selector: { app: 'model' } } }]);
    expect(blueGreen.base.map(({ metadata }) => metadata?.name)).not.toContain('model-green');
    expect(blueGreen.candidate).toMatchObject([
      {
        spec: {
          strategy: {
            blueGreen: {
              activeService: 'model-lb',
              previewService: 'model-preview',
              autoPromotionEnabled: true,
              autoPromotionSeconds: 900,
            },
          },
        },
      },
    ]);
  });

  test('should ask for the version that the Rollout has now', () => {
    for (const strategy of argoStrategies) {
      const { stable, candidate } = objectsOf(strategy);
      const told = [stable, candidate].map(([rollout]) => rollout?.metadata?.labels?.['model-version']);
      expect(told).toEqual(['v1', 'v2']);
    }
  });

  test('should be scaled as one Rollout, and be the same Rollout in both versions but for its pods', () => {
    for (const strategy of argoStrategies) {
      const { base, stable, candidate } = objectsOf(strategy);
      const scaled = base.find(({ kind }) => kind === 'HorizontalPodAutoscaler');
      expect(scaled).toMatchObject({
        spec: { scaleTargetRef: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'model' } },
      });
      const specs = [stable, candidate].map(([rollout]) => {
        const { template: _template, ...rest } = (rollout as { spec?: { template: object } } | undefined)?.spec ?? {};
        return rest;
      });
      expect(specs[0]).toEqual(specs[1]);
    }
  });

  for (const strategy of argoStrategies)
    test(`should be delivered with a script and a plan for ${strategy}`, () => {
      const files = new Map(
        deliverables(declared, {}, strategy, 'argo-rollouts').map(({ name, content }) => [name, content]),
      );
      const script = files.get('deploy.sh') ?? '';
      expect(execaSync('bash', ['-n'], { input: script }).stderr).toBe('');
      expect(script).toContain('kubectl get crd rollouts.argoproj.io');
      expect(script).not.toContain('undefined');
      expect(script).toContain("rolled_out || { say 'the candidate did not hold'; roll_back; exit 1; }");
      const back = files.get('rollback-plan.md') ?? '';
      expect(back).toContain('by Argo Rollouts');
      expect(back).toContain(
        `kubectl --namespace "$NAMESPACE" patch rollout/model --subresource status --type merge --patch '{"status":{"abort":true}}'`,
      );
      expect(back.includes('**Not by itself**')).toBe(strategy === 'blue_green');
      const objects = parseAllDocuments(files.get('deployment-manifest.yaml') ?? '').map(
        (document) => document.toJS() as { kind: string; metadata: { name: string; namespace?: string } },
      );
      expect(objects.filter(({ kind }) => kind === 'Rollout')).toHaveLength(2);
      expect(objects.filter(({ kind }) => kind === 'AnalysisTemplate')).toHaveLength(2);
      expect(objects.filter(({ metadata }) => metadata.namespace !== undefined)).toEqual([]);
    });

  test('should be carried out by Kubernetes where the strategy is none of its own', () => {
    expect(strategies.map((strategy) => engineFor(strategy, 'argo-rollouts'))).toEqual([
      'argo-rollouts',
      'argo-rollouts',
      'kubernetes',
      'kubernetes',
      'kubernetes',
    ]);
    expect(deliverables(declared, {}, 'rolling', 'argo-rollouts')).toEqual(deliverables(declared, {}, 'rolling'));
  });
});
