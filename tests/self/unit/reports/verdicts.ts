import type { CheckResult, ItemVerdict, RunVerdict, Verdict } from '../../../../helpers/verdict/types.ts';

/** Text that takes effect wherever somebody forgets to escape it. */
export const NASTY =
  '<img src=x onerror=alert(1)> **bold** | `code` @somebody #7 [link](https://example.org)\n::error::x ##[error]y';

export function checkOf(verdict: Verdict, more: Partial<CheckResult> = {}): CheckResult {
  return {
    id: `tiny.${verdict}`,
    title: `A check that comes to ${verdict}`,
    expected: '0 calls lost',
    experiment: 'tiny.experiment',
    verdict,
    seen: verdict === 'pass' ? '0 of 51 calls lost' : '3 of 51 calls lost',
    evidence: ['tiny.experiment#3', 'tiny.experiment/traffic#228'],
    ...more,
  };
}

export function gateOf(status: ItemVerdict['status'], more: Partial<ItemVerdict> = {}): ItemVerdict {
  return {
    id: `gate-${status}`,
    kind: 'gate',
    name: `Gate of ${status}`,
    text: 'Nothing is lost',
    status,
    note: `it is ${status}`,
    checks: status === 'not-run' ? [] : [checkOf(status, { id: `gate.${status}` })],
    ...more,
  };
}

export function criterionOf(): ItemVerdict {
  return {
    id: 'criterion-1',
    kind: 'criterion',
    number: 1,
    text: 'Changes do not interrupt calls',
    status: 'fail',
    score: 3,
    note: 'It works, with gaps.',
    checks: [checkOf('pass'), checkOf('fail'), checkOf('inconclusive')],
    missing: { level: 4, checks: ['tiny.fail'] },
    levels: [
      { level: 3, title: 'It works', reason: '', checks: ['tiny.pass'], met: true },
      { level: 4, title: 'Nothing is lost', reason: '', checks: ['tiny.fail', 'tiny.inconclusive'], met: false },
    ],
  };
}

export function verdictOf(items: ItemVerdict[], { complete = true, target = 'boat' } = {}): RunVerdict {
  return {
    schema: 'https://seatrial.dev/schemas/verdict/v1',
    run: '20261121-100000-abcd',
    complete,
    standards: [{ standard: 'tiny', title: 'A tiny standard', target, items }],
  };
}
