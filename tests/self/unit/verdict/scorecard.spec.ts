import { expect, test } from '@playwright/test';
import { evaluateStandard } from '../../../../helpers/verdict/evaluate.ts';
import type { StandardVerdict } from '../../../../helpers/verdict/types.ts';
import standard from '../../../category-8/standard.ts';
import { changed, damaged, flawless, isFact } from './histories.ts';

const run = { run: '20261121-100000-abcd', complete: true };
const target = {
  name: 'contextforge',
  releases: ['gateway', 'tools'],
  kubernetesVersions: ['1.36'],
  notApplicable: {},
};

/** The scorecard as it was handed out, but for its findings: whoever pastes a filled one must find every word in its place. */
const handedOut = `# Category 8 — Deployment and Operations (weight 7)

> Verbatim criteria/gates from the criteria Google Doc. Fill Score/Evidence locally; **the human pastes**. 1–5 scale; anchors at 1/3/5.

## Scores

| # | Criterion (verbatim) | Score (1–5) | Evidence / note |
|---|---|---|---|
| 1 | Helm chart available and documented for self-hosted server deployment in Kubernetes. | | |
| 2 | Zero-downtime configuration updates — gateway and policy changes do not interrupt in-flight calls. | | |
| 3 | GitOps-compatible — gateway, server, and policy configuration is expressible as code. | | |
| 4 | Upgrade and rollback process is documented and tested. | | |
| 5 | Runbooks for common failure scenarios. | | |
| 6 | Vendor support model during the pilot: dedicated solutions engineer, response SLA. | | |
| 7 | P0/P1 escalation path after the pilot, in production. | | |

**Average:** ___ **Category score:** ___

## Score anchors

- **1** — No Helm chart; manual deployment only; no dedicated support
- **3** — Helm chart works with gaps; zero-downtime config updates unverified; support exists but is not dedicated
- **5** — Helm-native, GitOps-compatible, zero-downtime config, dedicated SE, documented escalation path

## Benchmark tests

| # | Test (verbatim) | Result | Evidence |
|---|---|---|---|
| 1 | Deploy a self-hosted custom server to a Kubernetes namespace via Helm chart. Measure time from clean namespace to first successful tool call. Target: under 1 day. | | |
| 2 | Update a gateway configuration (add a tool). Verify in-flight calls are not dropped. | | |
| 3 | Simulate a configuration rollback. Verify the rollback completes cleanly and the prior configuration is restored. | | |
| 4 | Stage a K8s namespace and confirm the Helm deployment matches the architecture recommended for production. | | |

## Suggested pass/fail gates

| Gate | Pass condition (verbatim) | Result | Evidence |
|---|---|---|---|
| Helm deployment | Full Kubernetes deployment via Helm chart in under 1 day | | |
| Config safety | Gateway configuration changes are zero-downtime | | |
| Rollback | Prior configuration can be restored cleanly | | |
| Dedicated SE | A dedicated solutions engineer is available and responsive during the pilot | | |

## Findings

`;

test.describe('scorecard of category 8', { tag: '@static' }, () => {
  test('should be the one that was handed out, with "not run" as only entry, when nothing was tried', () => {
    const blank = standard.scorecard(evaluateStandard(standard, new Map(), target), run);
    expect(upToFindings(blank).replaceAll(/\| not run(; to bring: [^|]+)? \|/g, '| |')).toBe(handedOut);
    expect(upToFindings(blank).match(/not run/g)).toHaveLength(15);
  });

  test('should differ from the one that was handed out in its blanks alone when it is filled in', () => {
    const filled = upToFindings(standard.scorecard(evaluateStandard(standard, flawless, target), run));
    expect(filled.split('\n').map(frameOf)).toEqual(handedOut.split('\n').map(frameOf));
  });

  test('should give scores, results and where their evidence stands', () => {
    const filled = standard.scorecard(evaluateStandard(standard, flawless, target), run);
    expect(filled).toMatch(/^\| 1 \| Helm chart available .* \| 5 \| Helm-native: .*chart\.static#\d+.* \|$/m);
    expect(filled).toMatch(
      /^\| 1 \| Deploy a self-hosted .* \| pass \| 39 s \(38869 ms\) .*first-tool-call#\d+.* \|$/m,
    );
    expect(filled).toMatch(/^\| Helm deployment \| .* \| pass \| /m);
    expect(filled).toMatch(
      /^\*\*Average:\*\* 5\.00 \((\d) of 7 scored\) \*\*Category score:\*\* 35\.00 of 35 \(average × weight; \1 of 7 scored\)$/m,
    );
  });

  test('should tell among the findings what an experiment left behind, whatever row it was for', () => {
    const first = flawless.get('first-tool-call');
    const trouble = {
      type: 'fact' as const,
      at: 0,
      key: 'teardown.trouble',
      value: ['Namespace/x: still there:\n Pod/y'],
    };
    const histories = new Map(flawless);
    if (first !== undefined)
      histories.set(
        'first-tool-call',
        damaged(first, (records) => [...records, trouble]),
      );
    const filled = standard.scorecard(evaluateStandard(standard, histories, target), run);
    expect(filled).toContain('- The experiment first-tool-call left something behind: Namespace/x: still there: Pod/y');
    expect(standard.scorecard(evaluateStandard(standard, flawless, target), run)).not.toContain(
      'left something behind',
    );
  });

  test('should say on top that the run ended early', () => {
    const cut = standard.scorecard(evaluateStandard(standard, flawless, target), { ...run, complete: false });
    expect(cut.split('\n')[2]).toContain('This run ended early');
  });

  test('should keep what comes from outside in its cell, and without effect', () => {
    const leftovers = [
      'ConfigMap/a|b',
      '<script>alert(1)</script>',
      'two\nlines',
      '**bold** `code` [link](x)',
      'back\\slash',
    ];
    const lifecycle = flawless.get('chart.lifecycle');
    const hostile = new Map(flawless);
    if (lifecycle !== undefined)
      hostile.set('chart.lifecycle', damaged(lifecycle, changed(isFact('leftovers'), { value: leftovers })));
    const verdict: StandardVerdict = evaluateStandard(standard, hostile, { ...target, name: '<b>|`x`' });
    const markdown = standard.scorecard(verdict, run);
    const line = markdown.split('\n').find((text) => text.startsWith('| 1 | Helm')) ?? '';
    expect(columns(line)).toHaveLength(4);
    expect(line).toContain(String.raw`ConfigMap/a\|b`);
    expect(markdown).not.toMatch(/<script|<b>|^lines|(?<!\\)\*\*bold|(?<!\\)`code/m);
  });
});

function upToFindings(markdown: string): string {
  return markdown.slice(0, markdown.indexOf('## Findings') + '## Findings\n\n'.length);
}

/** A line without what may be filled in: the last two columns of a table, and the totals. */
function frameOf(line: string): string | string[] {
  if (line.startsWith('|')) return columns(line).slice(0, 2);
  return line.replace(/(?<=\*\*Average:\*\*).*(?=\*\*Category score)|(?<=\*\*Category score:\*\*).*/g, '');
}

/** The cells of a row; an escaped bar does not end one. */
function columns(line: string): string[] {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((content) => content.trim());
}
