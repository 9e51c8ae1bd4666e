import fc from 'fast-check';
import { History } from '../../../../helpers/history/history.ts';
import { statuses, verdicts } from '../../../../helpers/verdict/schema.ts';
import type { CheckResult, ItemVerdict, RunVerdict, Score } from '../../../../helpers/verdict/types.ts';
import type { ViewedRun } from '../../../../helpers/verdict/views/run.ts';

/** What comes from outside may be anything, and likes to be what a format gives a meaning to. */
const hostileText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '<img src=x onerror=alert(1)>',
    '</script><script>alert(1)</script>',
    '| a | b |\n| --- | --- |',
    'line\nline\r\nline\u2028line',
    'back\\slash "quote" \\n',
    '# EOF\n',
    '${jndi}',
    '\ud800 half a character',
    '',
  ),
);

const score = fc.constantFrom<Score>(1, 2, 3, 4, 5);

const check: fc.Arbitrary<CheckResult> = fc.record(
  {
    id: hostileText,
    title: hostileText,
    expected: hostileText,
    experiment: fc.constantFrom('first-tool-call', 'config.add-tool', 'nowhere'),
    verdict: fc.constantFrom(...verdicts),
    seen: hostileText,
    reason: hostileText,
    evidence: fc.array(hostileText, { maxLength: 2 }),
  },
  { requiredKeys: ['id', 'title', 'expected', 'experiment', 'verdict', 'seen'] },
);

const item: fc.Arbitrary<ItemVerdict> = fc.record(
  {
    id: hostileText,
    kind: fc.constantFrom<ItemVerdict['kind']>('criterion', 'benchmark', 'gate'),
    number: fc.integer({ min: 1, max: 9 }),
    name: hostileText,
    text: hostileText,
    status: fc.constantFrom(...statuses),
    score,
    uncapped: score,
    note: hostileText,
    checks: fc.array(check, { maxLength: 3 }),
    missing: fc.record({ level: score, checks: fc.array(hostileText, { maxLength: 2 }) }),
    levels: fc.array(
      fc.record({
        level: score,
        title: hostileText,
        reason: hostileText,
        checks: fc.array(hostileText, { maxLength: 2 }),
        met: fc.boolean(),
      }),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: ['id', 'kind', 'text', 'status', 'note', 'checks'] },
);

export const anyVerdict: fc.Arbitrary<RunVerdict> = fc.record({
  schema: fc.constant('https://seatrial.dev/schemas/verdict/v1' as const),
  run: hostileText,
  complete: fc.boolean(),
  standards: fc.array(
    fc.record(
      {
        standard: hostileText,
        title: hostileText,
        target: hostileText,
        items: fc.array(item, { maxLength: 4 }),
        remarks: fc.array(hostileText, { maxLength: 2 }),
      },
      { requiredKeys: ['standard', 'title', 'target', 'items'] },
    ),
    { maxLength: 3 },
  ),
});

/** A run that has one history which ended, one that was cut off and one that cannot be read. */
export const someRun: ViewedRun = {
  provider: 'kind',
  about: { startedAt: '2026-11-21T10:00:00.250Z', endedAt: '2026-11-21T11:00:00Z', seatrialVersion: '0.1.0' },
  targets: [
    {
      declared: { name: 'gateway' },
      histories: new Map([
        [
          'first-tool-call',
          new History([
            { type: 'begin', at: 1_795_255_200_000.5, experiment: 'first-tool-call', target: 'gateway', run: 'r' },
            { type: 'end', at: 1_795_255_260_000.25, status: 'completed' },
          ]),
        ],
        [
          'config.add-tool',
          new History([
            { type: 'begin', at: 1_795_255_300_000, experiment: 'config.add-tool', target: 'gateway', run: 'r' },
          ]),
        ],
        ['nowhere', new History([{ type: 'end', at: 0, status: 'aborted', error: 'its history cannot be read' }])],
      ]),
    },
  ],
};

/** A verdict with one gate of this status. */
export function oneGate(status: ItemVerdict['status'], checks: CheckResult[] = []): RunVerdict {
  return {
    schema: 'https://seatrial.dev/schemas/verdict/v1',
    run: '20261121-100000-abcd',
    complete: true,
    standards: [
      {
        standard: 'tiny',
        title: 'A tiny standard',
        target: 'gateway',
        items: [{ id: 'gate-tiny', kind: 'gate', name: 'Tiny', text: 'It holds', status, note: 'seen', checks }],
      },
    ],
  };
}

export function checkOf(id: string, verdict: CheckResult['verdict']): CheckResult {
  return {
    id,
    title: `${id} holds`,
    expected: 'so',
    experiment: 'first-tool-call',
    verdict,
    seen: 'this',
    evidence: ['e#1'],
  };
}
