import { History } from '../../../../helpers/history/history.ts';
import type { HistoryRecord, StepRecord } from '../../../../helpers/history/records.ts';

/** Moment at which the history begins: 2026-11-21T10:00:00Z. */
const START = 1_795_255_200_000;

const refusal = { outcome: 'http-error', httpStatus: 401, error: 'HTTP 401' };
const tokens = ['none', 'foreign', 'expired', 'unsigned', 'other-audience', 'other-version'];

/** What `worker.protocol` leaves of a worker in two replicas that does all that the protocol asks. */
export function workerHistory(): History {
  const records: HistoryRecord[] = [
    { type: 'begin', at: START, experiment: 'worker.protocol', target: 'contextforge', run: '20261121-100000-abcd' },
    {
      type: 'fact',
      at: START,
      key: 'target.declared',
      value: { name: 'contextforge', releases: ['tools'], kubernetesVersions: ['1.36'], notApplicable: {} },
    },
    { type: 'fact', at: START, key: 'worker.declared', value: true },
    step('install.tools', { chart: 'tools', version: '1.0.0' }),
    step('health', { outcome: 'served', httpStatus: 200, status: 'ok', toolCount: 3 }),
    step('tools', { outcome: 'served', httpStatus: 200, tools: 3, found: true }),
    step('invoke', { outcome: 'served', httpStatus: 200, result: '{"text": "hello"}' }),
    ...tokens.map((token) => step(`refuse.${token}`, { token, tools: refusal, invoke: refusal })),
    step('fail.unknown', { outcome: 'http-error', httpStatus: 500, error: 'HTTP 500' }),
    step('fail.tool', { outcome: 'tool-error', httpStatus: 200, error: 'it has failed on purpose' }),
    step('roll'),
    {
      type: 'fact',
      at: START + 60_000,
      key: 'worker.rolled',
      value: { deployment: 'tools', podsBefore: ['a', 'b'], podsAfter: ['c', 'd'], calls: 414, served: 414 },
    },
    { type: 'end', at: START + 60_100, status: 'completed' },
  ];
  return new History(records);
}

function step(id: string, detail?: Record<string, unknown>): StepRecord {
  const times = { start: START + 10, end: START + 20 };
  return { type: 'step', id, title: id, ...times, ok: true, ...(detail === undefined ? {} : { detail }) };
}
