import fc from 'fast-check';
import type {
  CheckResult,
  ItemVerdict,
  RunVerdict,
  Score,
  StandardVerdict,
  Verdict,
} from '../../../../helpers/verdict/types.ts';

/** Verdicts as no standard gives them: with names that try to become markup. */

const nasty = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style><style>*{display:none}</style>',
  '--><!--',
  '](javascript:alert(1))',
  '| a | **b** |',
  '`code` ~~gone~~ # heading',
  '&lt;b&gt; &amp;',
  '\u202edetrevni',
  'null\u0000byte',
  'half\ud800',
  '%2e%2e/%00',
  '../../etc/passwd',
  '=cmd|calc',
  '',
];

export const text = fc.oneof(fc.constantFrom(...nasty), fc.string({ unit: 'binary', maxLength: 20 }));

const verdict = fc.constantFrom<Verdict>('pass', 'fail', 'inconclusive', 'not-applicable');

const check: fc.Arbitrary<CheckResult> = fc
  .record({
    id: text,
    title: text,
    expected: text,
    experiment: text,
    verdict,
    seen: text,
    reason: fc.option(text, { nil: undefined }),
    evidence: fc.option(fc.array(text, { maxLength: 6 }), { nil: undefined }),
  })
  .map(({ reason, evidence, ...rest }) => ({
    ...rest,
    ...(reason === undefined ? {} : { reason }),
    ...(evidence === undefined ? {} : { evidence }),
  }));

const level = fc.constantFrom<Score>(1, 2, 3, 4, 5);

const item: fc.Arbitrary<ItemVerdict> = fc
  .record({
    id: text,
    kind: fc.constantFrom('criterion', 'benchmark', 'gate'),
    number: fc.nat({ max: 20 }),
    name: fc.option(text, { nil: undefined }),
    text: text.map((one) => `§${one}`),
    status: fc.constantFrom('pass', 'fail', 'inconclusive', 'not-applicable', 'not-run'),
    note: text,
    checks: fc.array(check, { maxLength: 6 }),
    score: fc.option(level, { nil: undefined }),
    levels: fc.array(fc.record({ level, title: text, reason: text, met: fc.boolean() }), { maxLength: 3 }),
  })
  .map(({ name, score, levels, ...rest }): ItemVerdict => {
    const ids = rest.checks.map(({ id }) => id);
    const base: ItemVerdict = { ...rest, ...(name === undefined ? {} : { name }) };
    if (rest.kind !== 'criterion' || score === undefined) return base;
    return {
      ...base,
      score,
      ...(score < 5 ? { missing: { level: (score + 1) as 2, checks: ids } } : {}),
      levels: levels.map((one) => ({ ...one, checks: ids })),
    };
  });

const standard: fc.Arbitrary<StandardVerdict> = fc
  .record({
    standard: text,
    title: text,
    target: text,
    items: fc.array(item, { maxLength: 5 }),
    remarks: fc.option(fc.array(text, { maxLength: 2 }), { nil: undefined }),
  })
  .map(({ remarks, ...rest }) => ({ ...rest, ...(remarks === undefined ? {} : { remarks }) }));

export const runVerdict: fc.Arbitrary<RunVerdict> = fc.record({
  schema: fc.constant('https://seatrial.dev/schemas/verdict/v1' as const),
  run: text,
  complete: fc.boolean(),
  standards: fc.array(standard, { maxLength: 3 }),
});

/** A verdict of one gate and one criterion over `count` checks, a third of which pass, fail, and are inconclusive. */
export function largeVerdict(count: number): RunVerdict {
  const all = (['pass', 'fail', 'inconclusive'] as const).flatMap((found) =>
    Array.from({ length: Math.ceil(count / 3) }, (_, index) => checkResult(found, index)),
  );
  const checks = all.slice(0, count);
  return singleVerdict([
    { id: 'gate-all', kind: 'gate', name: 'All', text: 'Everything holds', status: 'fail', note: '', checks },
    {
      id: 'criterion-1',
      kind: 'criterion',
      number: 1,
      text: 'Everything holds.',
      status: 'fail',
      note: '',
      checks,
      score: 2,
      missing: { level: 3, checks: checks.filter(({ verdict: found }) => found !== 'pass').map(({ id }) => id) },
      levels: [],
    },
  ]);
}

/** A complete run on one target. */
export function singleVerdict(items: ItemVerdict[], run = '20261121-100000-abcd'): RunVerdict {
  return {
    schema: 'https://seatrial.dev/schemas/verdict/v1',
    run,
    complete: true,
    standards: [{ standard: 'tiny', title: 'A tiny standard', target: 'thing', items }],
  };
}

export function checkResult(found: Verdict, index = 0): CheckResult {
  const id = `part-${String(index % 100)}.${found}.${String(index)}`;
  return {
    id,
    title: `Statement ${found} ${String(index)} holds`,
    expected: `${String(index)} calls`,
    experiment: `part-${String(index % 100)}`,
    verdict: found,
    seen: `${String(index)} calls were ${found}`,
    evidence: [`part-${String(index % 100)}#${String(index + 1)}`],
  };
}

/** A row that has `found` as status and a check of it. */
export function gate(name: string, found: Verdict | 'not-run'): ItemVerdict {
  const checks = found === 'not-run' ? [] : [{ ...checkResult(found), id: `${name}.check` }];
  return {
    id: `gate-${name}`,
    kind: 'gate',
    name,
    text: `${name} holds`,
    status: found,
    note: `note of ${name}`,
    checks,
  };
}

export function criterion(number: number, score: 1 | 2 | 3 | 4 | 5 | undefined): ItemVerdict {
  const row = {
    id: `criterion-${String(number)}`,
    kind: 'criterion' as const,
    number,
    text: `Criterion ${String(number)} holds`,
  };
  if (score === undefined) return { ...row, status: 'not-run', note: 'not run', checks: [] };
  return { ...row, status: score === 5 ? 'pass' : 'fail', note: '', checks: [], score, levels: [] };
}
