import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { planSvg } from '../../../../helpers/planning/gantt.ts';
import { planFor } from '../../../../helpers/planning/plan.ts';
import { planSchema } from '../../../../helpers/planning/schema.ts';
import type { Plan } from '../../../../helpers/planning/schema.ts';
import { selectStrategy } from '../../../../helpers/planning/select.ts';
import { planText } from '../../../../helpers/planning/text.ts';
import { strategies } from '../../../../helpers/target/model/schema.ts';
import type { Strategy } from '../../../../helpers/target/model/schema.ts';
import { model } from '../target/model.ts';

const MINUTE = 60_000;

/** Every declaration that planning depends on. */
const models = fc
  .record({
    strategy: fc.constantFrom<Strategy>(...strategies),
    replicas: fc.integer({ min: 1, max: 40 }),
    percentage: fc.integer({ min: 1, max: 99 }),
    trialFactor: fc.double({ min: 0.000001, max: 1, noNaN: true }),
  })
  .map(({ strategy, replicas, percentage, trialFactor }) =>
    model({
      strategy,
      replicas,
      trialFactor,
      ...(strategy === 'canary' ? { canaryPercentage: percentage } : {}),
      ...(strategy === 'a_b_test' ? { variantPercentage: percentage } : {}),
    }),
  );

test.describe('Selection of a strategy', { tag: '@static' }, () => {
  test('should follow the rules in their order, with the reason and with what was passed over', () => {
    const high = { riskLevel: 'high' as const };
    expect(selectStrategy({ ...high, compareVariants: true })).toMatchObject({
      strategy: 'a_b_test',
      passedOver: [{ strategy: 'blue_green' }],
    });
    expect(selectStrategy({ ...high, gradualRollout: true, zeroDowntime: true })).toMatchObject({
      strategy: 'blue_green',
      passedOver: [{ strategy: 'canary' }, { strategy: 'rolling' }],
    });
    expect(selectStrategy({ riskLevel: 'medium', gradualRollout: true, zeroDowntime: true }).strategy).toBe('canary');
    expect(selectStrategy({ riskLevel: 'low', zeroDowntime: true }).strategy).toBe('rolling');
    expect(selectStrategy({ riskLevel: 'medium', zeroDowntime: false })).toMatchObject({
      strategy: 'recreate',
      reason: expect.stringContaining('outage'),
      passedOver: [],
    });
    expect(selectStrategy({}).strategy).toBe('recreate');
  });
});

test.describe('Plan of a rollout', { tag: '@static' }, () => {
  test("should have the protocol's phases and times, and totals that are their sums", () => {
    expect(phasesOf(planFor(model(), 'blue_green'))).toEqual([
      'Deploy Green 10',
      'Test Green 15',
      'Switch Traffic 5',
      'Monitor 30',
      'Decommission Blue 5',
    ]);
    expect(phasesOf(planFor(model({ strategy: 'canary', canaryPercentage: 10 })))).toEqual([
      'Deploy Canary 10% 10',
      'Monitor 10% 30',
      'Increase to 25% 5',
      'Monitor 25% 30',
      'Increase to 50% 5',
      'Monitor 50% 30',
      'Full Rollout 10',
    ]);
    expect(phasesOf(planFor(model(), 'rolling'))).toEqual(['Update Pod 1/3 5', 'Update Pod 2/3 5', 'Update Pod 3/3 5']);
    const totals = strategies.map((strategy) => [strategy, planFor(model(), strategy).totals.plannedMs / MINUTE]);
    expect(Object.fromEntries(totals)).toEqual({
      blue_green: 65,
      canary: 120,
      rolling: 15,
      recreate: 60,
      a_b_test: 135,
    });
  });

  test('should begin a canary with the declared percentage, and only ever send it more', () => {
    const steps = (canaryPercentage: number) =>
      planFor(model({ strategy: 'canary', canaryPercentage })).phases.map(({ candidateShare }) => candidateShare);
    expect(steps(5)).toEqual([5, 5, 25, 25, 50, 50, 100]);
    expect(steps(24)).toEqual([24, 24, 25, 25, 50, 50, 100]);
    expect(steps(25)).toEqual([25, 25, 50, 50, 100]);
    expect(steps(50)).toEqual([50, 50, 100]);
    expect(steps(99)).toEqual([99, 99, 100]);
  });

  test('should shorten dwell times alone, by the declared factor', () => {
    const { phases, totals } = planFor(model({ trialFactor: 0.02 }), 'blue_green');
    expect(phases.map(({ trialMs }) => trialMs / 1000)).toEqual([600, 18, 300, 36, 300]);
    expect(totals).toMatchObject({ dwellMs: 45 * MINUTE, trialDwellMs: 54_000, trialMs: 1_254_000 });
  });

  test('should be whole for whatever is declared: valid data, contiguous, adding up, with a way back from every phase', () => {
    fc.assert(
      fc.property(models, (declared) => {
        const plan = planSchema.parse(planFor(declared));
        const sum = (of: (phase: Plan['phases'][number]) => number) =>
          plan.phases.reduce((total, phase) => total + of(phase), 0);
        expect(plan.totals.plannedMs).toBe(sum(({ plannedMs }) => plannedMs));
        expect(plan.totals.trialMs).toBe(sum(({ trialMs }) => trialMs));
        expect(plan.phases.every((phase, index) => phase.startMs === endOf(plan.phases[index - 1]))).toBe(true);
        expect(plan.phases.every(({ rollback }) => rollback.actions.length > 0 && rollback.text !== '')).toBe(true);
        expect(plan.phases.at(-1)?.candidateShare).toBe(100);
      }),
    );
  });

  test('should hold the candidate to the declared SLOs and threshold', () => {
    const plan = planFor(model({ slo: { p95Ms: 200, availability: 0.9999 }, rollbackThreshold: 0.02 }));
    const limits = plan.phases.flatMap(({ expectations }) => expectations);
    expect(limits).toContainEqual(
      expect.objectContaining({ metric: 'p95', comparator: '<', value: 200, minimumSamples: 59 }),
    );
    expect(limits).toContainEqual(expect.objectContaining({ metric: 'availability', comparator: '>', value: 0.9999 }));
    expect(plan.rollback.triggers).toContainEqual(
      expect.objectContaining({ metric: 'error-rate', comparator: '>', value: 0.02 }),
    );
  });

  test('should show an outage where there is one, and only there', () => {
    const outage = (strategy: Strategy) =>
      planFor(model(), strategy).phases.some(({ expectations }) =>
        expectations.some(({ metric }) => metric === 'outage'),
      );
    expect(strategies.filter(outage)).toEqual(['recreate']);
  });
});

test.describe('A plan for people', { tag: '@static' }, () => {
  test('should tell strategy, reason, phases, ways back, totals and the factor as text', () => {
    const text = planText(planFor(model({ trialFactor: 0.02 })));
    expect(text).toContain('Blue-green deployment of model, 3 replicas');
    expect(text).toContain('since the risk is high');
    expect(text).toContain('dwells 36 s in a trial (30 min × 0.02)');
    expect(text).toContain('rollback: Switch traffic back to Blue environment');
    expect(text).toContain('Total 65 min, of which 45 min is dwell time; in a trial, with the factor 0.02');
    expect(text).toMatch(
      /- error rate of the candidate > 5 %\n {2}- average latency of the candidate > 1 s\n {2}- P95/,
    );
  });

  test('should say that the target declares another strategy than its requirements ask for', () => {
    const text = planText(planFor(model({ strategy: 'recreate' })));
    expect(text).toContain('ask for Blue-green');
    expect(text).toContain('The target declares Recreate instead');
  });

  test('should be a picture that stands alone, for light and dark, with a text alternative and a bar for each phase', () => {
    for (const strategy of strategies) {
      const plan = planFor(model({ name: 'a-model', trialFactor: 0.5 }), strategy);
      const svg = planSvg(plan);
      expect(svg.match(/<rect[^>]*class="(work|dwell|outage)"[^>]*><title>/g)).toHaveLength(plan.phases.length);
      expect(svg).toContain('prefers-color-scheme:dark');
      expect(svg).toMatch(/role="img" aria-labelledby="title desc"/);
      expect(svg).toContain('with the factor 0.5');
      expect(svg).not.toMatch(/(href|src)=|url\(/);
    }
  });
});

function phasesOf({ phases }: Plan): string[] {
  return phases.map(({ name, plannedMs }) => `${name} ${plannedMs / MINUTE}`);
}

function endOf(phase: Plan['phases'][number] | undefined): number {
  return phase === undefined ? 0 : phase.startMs + phase.plannedMs;
}
