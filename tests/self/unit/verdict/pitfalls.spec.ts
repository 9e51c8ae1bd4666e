import { expect, test } from '@playwright/test';
import { probeFindings, rollbackPlanFindings } from '../../../../helpers/deliverables/review.ts';
import { manifestsOf } from '../../../../helpers/deliverables/manifests.ts';
import type { Deployment, Manifest } from '../../../../helpers/deliverables/objects.ts';
import { planFor } from '../../../../helpers/planning/plan.ts';
import { modelPitfalls } from '../../../../helpers/verdict/checks/index.ts';
import { model } from '../target/model.ts';
import { changed, damaged, flawless, isFact } from './histories.ts';
import { firstCalls, loadTest, started } from './model-health-history.ts';

const [pod] = loadTest.usage.pods;
const used = (fields: object) => ({ ...loadTest, usage: { ...loadTest.usage, pods: [{ ...pod, ...fields }] } });
const lost = { ...loadTest.asked, failed: 15 };

/** Models that have a pitfall, by what the experiment records of them. */
const twins: [name: string, fact: string, value: object, check: keyof typeof modelPitfalls, seen: RegExp][] = [
  [
    'a memory limit that it does not even start in',
    'pitfalls.start',
    { ...started, ready: false, oomKills: 1 },
    'loadWithinLimits',
    /killed for its memory before/,
  ],
  [
    'a memory limit that load is too much for',
    'pitfalls.load-test',
    used({ oomKills: 1 }),
    'loadWithinLimits',
    /1 OOM/,
  ],
  [
    'a replica that is restarted under load',
    'pitfalls.load-test',
    used({ restarts: 1 }),
    'loadWithinLimits',
    /1 restart/,
  ],
  [
    'memory that is nearly used up',
    'pitfalls.load-test',
    used({ memoryBytes: 0.9 * loadTest.usage.limits.memoryBytes }),
    'loadWithinLimits',
    /memory 90 %/,
  ],
  [
    'a CPU limit that throttles it',
    'pitfalls.load-test',
    { ...loadTest, cpuPeriods: { all: 300, throttled: 16 } },
    'loadWithinLimits',
    /throttled 5\.3 %/,
  ],
  [
    'load that it loses calls under',
    'pitfalls.load-test',
    { ...loadTest, asked: lost },
    'loadWithinLimits',
    /15 of 1500/,
  ],
  ['load that makes it late', 'pitfalls.load-test', { ...loadTest, p95Ms: 500 }, 'loadWithinLimits', /P95 500 ms/],
  [
    'a readiness probe that passes before the model is loaded',
    'pitfalls.first-calls',
    {
      ...firstCalls,
      calls: firstCalls.calls.map((call, index) => (index < 3 ? { ...call, error: 'HTTP 503' } : call)),
    },
    'warmWhenReady',
    /3 calls failed, e\.g\. HTTP 503/,
  ],
  [
    'a first call that pays for the warm-up',
    'pitfalls.first-calls',
    { ...firstCalls, calls: [{ ms: 2_400 }, ...firstCalls.calls.slice(1)] },
    'warmWhenReady',
    /first call 2400 ms/,
  ],
];

test.describe('pitfalls', { tag: '@static' }, () => {
  for (const [name, fact, value, check, seen] of twins)
    test(`should be found: ${name}`, () => {
      const history = flawless.get('model.pitfalls');
      if (history === undefined) throw new Error('model.pitfalls is not there');
      const finding = modelPitfalls[check].evaluate(damaged(history, changed(isFact(fact), { value })));
      expect(finding).toMatchObject({ verdict: 'fail', seen: expect.stringMatching(seen) });
    });

  test('should be found: a rollback plan that names nobody', () => {
    const target = model();
    expect(rollbackPlanFindings(target, planFor(target))).toEqual(['nobody is named who is to be told']);
  });

  test('should be found: missing probes, and a liveness probe that restarts what is being loaded', () => {
    const target = model({ strategy: 'rolling' });
    const { base, candidate, entry } = manifestsOf(target, 'rolling', {});
    const manifests = [...base, ...candidate, ...entry];
    expect(probeFindings(manifests)).toEqual([]);
    const without = (name: 'livenessProbe' | 'readinessProbe') =>
      probeFindings(manifests.map((one) => withContainer(one, ({ [name]: _probe, ...rest }) => rest)));
    expect(without('livenessProbe')).toEqual([expect.stringMatching(/has no liveness probe/)]);
    expect(without('readinessProbe')).toEqual([expect.stringMatching(/has no readiness probe/)]);
    const same = manifests.map((one) =>
      withContainer(one, (container) => ({ ...container, livenessProbe: container.readinessProbe })),
    );
    expect(probeFindings(same)).toEqual([expect.stringMatching(/restarted for not being ready/)]);
  });
});

type Container = NonNullable<NonNullable<NonNullable<Deployment['spec']>['template']['spec']>['containers'][number]>;

/** A Deployment whose containers are changed; anything else as it is. */
function withContainer(manifest: Manifest, change: (container: Container) => object): Manifest {
  if (manifest.kind !== 'Deployment') return manifest;
  const copy = structuredClone(manifest) as Deployment;
  const spec = copy.spec?.template.spec;
  if (spec) spec.containers = spec.containers.map(change) as Container[];
  return copy;
}
