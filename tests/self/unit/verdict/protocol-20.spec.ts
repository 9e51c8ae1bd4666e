import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { evaluateStandard } from '../../../../helpers/verdict/evaluate.ts';
import standard from '../../../protocol-20/standard.ts';
import { damaged, flawless } from './histories.ts';
import { modelPlanDamages } from './model-plan-damages.ts';

const target = { name: 'model', kind: 'Model', releases: [], kubernetesVersions: [], notApplicable: {} };
const run = { run: '20261121-100000-abcd', complete: true };
const plan = flawless.get('model.plan');

test.describe('scorecard of Protocol 20', { tag: '@static' }, () => {
  test('should have a box for every line of the gates, unticked when nothing was tried', () => {
    const text = standard.scorecard(evaluateStandard(standard, new Map(), target), run);
    expect(text.match(/^- \[[x ]\] .* — not run/gm)).toHaveLength(standard.items.length);
    expect(text).toContain(
      '## Gate 1: Pre-Deployment Validation\n\n- [ ] Model package validated and tested — not run; to bring: model.package\n',
    );
    for (const line of ['Response time <500ms (P95)', 'Error rate <1%', '**Availability**: >99.9% uptime'])
      expect(text).toContain(`- [ ] ${line} — not run`);
  });

  test('should tick what passed, and say why the rest is not ticked', () => {
    const histories = new Map(plan === undefined ? [] : [['model.plan', plan]]);
    expect(standard.scorecard(evaluateStandard(standard, histories, target), run)).toMatch(
      /- \[x\] Plan rollout schedule — .*120 min/,
    );
    const damage = modelPlanDamages['plan.totals-add-up'];
    const broken = new Map(
      plan === undefined || damage === undefined ? [] : [['model.plan', damaged(plan, damage.fail)]],
    );
    const text = standard.scorecard(evaluateStandard(standard, broken, target), { ...run, complete: false });
    expect(text).toMatch(/- \[ \] Plan rollout schedule — \*\*failed\*\*: failed: .*the phases add up to/);
    expect(text).toContain('This run ended early');
  });

  test('should waive a row for a written reason, and tick no box for that', () => {
    const histories = new Map(plan === undefined ? [] : [['model.plan', plan]]);
    const waived = {
      ...target,
      notApplicable: { 'plan.requirements-are-assessed': 'Assessed by the board, minutes of 3 May.' },
    };
    const text = standard.scorecard(evaluateStandard(standard, histories, waived), run);
    expect(text).toMatch(/- \[ \] Assess deployment requirements — Not applicable.*minutes of 3 May/);
  });

  test('should have one spec for each row that has checks, named as the row is', () => {
    const folder = join(import.meta.dirname, '../../../protocol-20');
    const specs = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.spec.ts'),
    );
    const judged = specs.map((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      return { id: /judge\('([^']+)'\)/.exec(text)?.[1], title: /test\(\s*'([^']+)'/.exec(text)?.[1] };
    });
    const rows = standard.items.flatMap((item) => ('checks' in item && item.checks.length > 0 ? [item] : []));
    const sorted = (ids: (string | undefined)[]) => ids.toSorted((one = '', other = '') => (one < other ? -1 : 1));
    expect(sorted(judged.map(({ id }) => id))).toEqual(sorted(rows.map(({ id }) => id)));
    for (const { id, name } of rows) expect(judged.find((spec) => spec.id === id)?.title).toBe(name);
  });
});
