import { alertsByCause, cause } from './alert-history.ts';
import { changed, isFact, without } from './histories.ts';
import type { Damages } from './histories.ts';

/** For every check on alerts: what turns it red, and what blinds it. */
export const alertDamages: Record<string, Damages> = {
  'model.alerts.rules': of('promtool', [{ what: 'test-trial', exitCode: 1, output: 'FAILED' }]),
  'model.alerts.quiet': of(
    'quiet',
    { watchedMs: 28_000, requestRate: 95, firing: ['ModelErrorRateHigh'] },
    {
      watchedMs: 28_000,
      requestRate: 0,
      firing: [],
    },
  ),
  'model.alerts.dashboard': of('dashboard', [{ panel: 'Error rate', expr: 'absent', samples: 0 }], []),
  'model.alerts.slack': of('failing', { ...cause(alertsByCause.failing ?? []), slackMessages: 0 }),
  ...Object.fromEntries(
    Object.entries(alertsByCause).map(([name, alerts]) => [
      `model.alerts.${name}`,
      // It fires, and never ends.
      of(name, cause(alerts, { firedAfterMs: 12_000 }), cause([])),
    ]),
  ),
};

function of(name: string, red: unknown, blind?: unknown): Damages {
  const selected = isFact(`alerts.${name}`);
  return {
    fail: changed(selected, { value: red }),
    inconclusive: blind === undefined ? without(selected) : changed(selected, { value: blind }),
  };
}
