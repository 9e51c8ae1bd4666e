import { expect, test } from '@playwright/test';
import type { TrafficCall } from '../../../../helpers/traffic/records.ts';
import { catalogue } from '../../../../helpers/verdict/checks/index.ts';
import { damaged, flawless } from './histories.ts';

const WAIT_MS = 3_000;

test.describe('an outage that is planned', { tag: '@static' }, () => {
  const history = flawless.get('strategy.recreate');
  const latency = catalogue.find(({ id }) => id === 'strategy.recreate.latency');
  if (history === undefined || latency === undefined) throw new Error('strategy.recreate is not there');

  /** The verdict when 100 calls of a phase were answered by the new version, late. */
  const waitingIn = (phase: number) => {
    const { start = 0, end = 0 } = history.step(`phase.candidate.${String(phase)}`) ?? {};
    const chosen = new Set(
      [...history.traffic.calls]
        .filter((call) => call.path !== 'control' && call.start >= start && call.start < end)
        .slice(-100)
        .map(({ id }) => id),
    );
    const answered = ({ error: _, ...call }: TrafficCall): TrafficCall => ({
      ...call,
      end: call.due + WAIT_MS,
      outcome: 'served',
      httpStatus: 200,
      servedBy: { version: 'v2' },
    });
    return latency.evaluate(
      damaged(history, {
        traffic: (records) =>
          records.map((record) => (record.type === 'call' && chosen.has(record.id) ? answered(record) : record)),
      }),
    );
  };

  test('should not count against the latency of those who waited for its end', () => {
    expect(waitingIn(2)).toMatchObject({ verdict: 'pass', seen: expect.stringMatching(/Deploy New: .*max 3000/) });
  });

  test('should excuse nobody who waits after it', () => {
    expect(waitingIn(3)).toMatchObject({
      verdict: 'fail',
      seen: expect.stringMatching(/^beyond the limits in Test New/),
    });
  });
});
