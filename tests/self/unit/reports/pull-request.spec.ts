import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { marked } from 'marked';
import { pullRequestMarkdown } from '../../../../reports/pull-request.ts';
import { diffVerdicts } from '../../../../helpers/verdict/diff.ts';
import type { CheckResult } from '../../../../helpers/verdict/types.ts';
import { checkOf, criterionOf, gateOf, NASTY, verdictOf } from './verdicts.ts';

test.describe('The comment on a pull request', { tag: '@static' }, () => {
  test('should show each gate with its verdict, and each score with what stands before the next', () => {
    const text = pullRequestMarkdown({ verdict: verdictOf([gateOf('pass'), gateOf('fail'), criterionOf()]) });
    expect(text).toContain('1 of 2 gates that were tried pass');
    expect(text).toContain('| Gate: Gate of pass | ✅ pass | it is pass |');
    expect(text).toContain('| Gate: Gate of fail | ❌ **fail** | it is fail |');
    expect(text).toContain('**3** of 5 | ❌ **fail** | for 4: fail: A check that comes to fail |');
    expect(text).toContain('`tiny.experiment/traffic#228`');
  });

  test('should tell once what was found once', () => {
    const blind = [1, 2, 3].map((id) => checkOf('inconclusive', { id: String(id), seen: 'the observer was blind' }));
    const row = { ...criterionOf(), checks: blind, missing: { level: 4 as const, checks: blind.map(({ id }) => id) } };
    expect(pullRequestMarkdown({ verdict: verdictOf([row]) })).toContain(
      '| for 4: inconclusive: A check that comes to inconclusive (and 2 more, for the same reason) |',
    );
  });

  test('should draw nothing but a pass like a pass', () => {
    for (const status of ['fail', 'inconclusive', 'not-applicable', 'not-run'] as const) {
      const text = pullRequestMarkdown({ verdict: verdictOf([gateOf(status), gateOf('pass', { name: 'Other' })]) });
      const [line = ''] = text.split('\n').filter((one) => one.includes(`Gate of ${status}`));
      expect(line).not.toContain('✅');
    }
    expect(pullRequestMarkdown({ verdict: verdictOf([gateOf('inconclusive')]) })).toContain('0 of 1 gates');
  });

  test('should say on top that the run ended early, and never praise it', () => {
    const text = pullRequestMarkdown({
      verdict: verdictOf([gateOf('pass'), gateOf('not-run')], { complete: false }),
      endedEarly: 'This run ended early: its time was up.',
    });
    expect(text.split('\n').slice(1, 5).join('\n')).toMatch(
      /— ended early\n\n> \[!CAUTION\]\n> \*\*This run ended early/,
    );
  });

  test('should tell that there is no verdict, and what went wrong outside of the tests', () => {
    const text = pullRequestMarkdown({ verdict: undefined, troubles: ['target.yaml:3 is wrong'] });
    expect(text).toContain('no verdict');
    expect(text).toContain('Outside of the tests: target.yaml:3 is wrong');
    expect(text).not.toContain('✅');
  });

  test('should show names and findings as they are written, and call nobody', () => {
    const nasty = checkOf('fail', { title: NASTY, seen: NASTY, expected: NASTY, id: NASTY, evidence: [NASTY] });
    const verdict = verdictOf([gateOf('fail', { name: NASTY, note: NASTY, checks: [nasty] })], { target: NASTY });
    const text = pullRequestMarkdown({ verdict, endedEarly: NASTY, troubles: [NASTY], cluster: NASTY, base: NASTY });
    // What stands between backticks calls nobody.
    const prose = text.replaceAll(/(?<!\\)`[^`]*[^\\`]`/g, '');
    expect(prose).not.toMatch(/@somebody|#7/);
    const html = marked.parse(prose, { async: false });
    expect(html).not.toMatch(/<img|<strong>bold|>link<\/a>/);
    // It stays one row of three cells.
    expect(marked.parse(text, { async: false })).toMatch(
      /<tr>\s*<td>Gate: [^]*?<\/td>\s*<td>[^]*?<\/td>\s*<td>[^]*?<\/td>\s*<\/tr>/,
    );
  });

  test('should tell two targets apart', () => {
    const [boat, ship] = [verdictOf([gateOf('pass')]), verdictOf([gateOf('fail')], { target: 'ship' })];
    const text = pullRequestMarkdown({ verdict: { ...boat, standards: [...boat.standards, ...ship.standards] } });
    expect(text).toContain('### A tiny standard · boat');
    expect(text).toContain('### A tiny standard · ship');
    expect(text).toContain('1 check of A tiny standard · ship');
  });

  test('should show what changed against the base branch', () => {
    const row = (status: 'pass' | 'fail', ...checks: CheckResult[]) =>
      gateOf(status, { id: 'gate-x', name: 'X', checks });
    const before = { ...verdictOf([row('pass', checkOf('pass'))]), run: '20261120-100000-abcd' };
    const verdict = verdictOf([row('fail', checkOf('fail', { id: 'tiny.pass' }), checkOf('pass', { id: 'tiny.new' }))]);
    const text = pullRequestMarkdown({ verdict, base: diffVerdicts(before, verdict) });
    expect(text).toContain('Compared with run `20261120-100000-abcd`: 3 changed.');
    expect(text).toContain('| worse | Gate: X | ✅ pass | ❌ **fail** |');
    expect(text).toContain('| worse | A check that comes to fail | ✅ pass | ❌ **fail** |');
    expect(text).toContain('| new | A check that comes to pass | | ✅ pass |');
    expect(text).toContain('<summary>Checks: 1 worse, 1 new</summary>');
  });

  test('should say that a base which ended early proves little, and why there is none', () => {
    const verdict = verdictOf([gateOf('pass')]);
    const early = diffVerdicts({ ...verdict, run: 'b', complete: false }, verdict);
    expect(pullRequestMarkdown({ verdict, base: early })).toContain('`b`, which ended early: no verdict changed.');
    expect(pullRequestMarkdown({ verdict, base: 'there is no file' })).toContain('there is no file');
    expect(pullRequestMarkdown({ verdict })).not.toContain('Against the base branch');
  });

  test('should fit into a comment whatever a run has to tell, with everything closed that was opened', () => {
    const size = fc.record({ rows: fc.nat(40), checks: fc.nat(200), letters: fc.nat(1000) });
    fc.assert(
      fc.property(size, ({ rows, checks, letters }) => {
        const seen = 'x<'.repeat(letters);
        const items = Array.from({ length: rows + 1 }, (_, index) =>
          gateOf('fail', {
            id: `gate-${String(index)}`,
            note: seen,
            checks: Array.from({ length: checks }, (_check, at) => checkOf('fail', { id: `c${String(at)}`, seen })),
          }),
        );
        const text = pullRequestMarkdown({ verdict: verdictOf(items), runUrl: 'https://example.org/run' });
        expect(text.length).toBeLessThan(65_536);
        expect(text.split('<details>')).toHaveLength(text.split('</details>').length);
      }),
      { numRuns: 8 },
    );
  });
});
