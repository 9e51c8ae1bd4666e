import { History } from '../../../../helpers/history/history.ts';
import type { FactRecord, HistoryRecord, StepRecord } from '../../../../helpers/history/records.ts';
import { upgradeTopics } from '../../../../helpers/experiments/upgrade/document/topics.ts';
import { isTrafficCall } from '../../../../helpers/traffic/records.ts';
import type { TrafficRecord } from '../../../../helpers/traffic/records.ts';
import { steadyTraffic } from './traffic-history.ts';

/** Histories as flawless upgrades and failing upgrades leave them. */

/** Moment at which they begin: 2026-11-21T10:00:00Z. */
const START = 1_795_255_200_000;
const releases = ['tools', 'gateway'];
const blocks = { blocks: ['docs/upgrade.md:20'] };

export const hops = ['to-current', 'back', 'again'] as const;
/** Each hop begins a minute after the one before, and takes 20 s. */
export const changeOf = (hop: (typeof hops)[number]) => {
  const start = START + 60_000 * (hops.indexOf(hop) + 1);
  return { start, end: start + 20_000 };
};

export const upgradeHistories: readonly [string, History][] = [
  ['upgrade.documents', documentsHistory()],
  ['upgrade.path', pathHistory()],
  ...['bad-image', 'failing-migration', 'never-ready'].map((id): [string, History] => [
    `upgrade.${id}`,
    failingHistory(`upgrade.${id}`),
  ]),
];

function documentsHistory(): History {
  return new History([
    begin('upgrade.documents'),
    fact('documents', [{ file: 'docs/upgrade.md', passages: 40 }]),
    ...upgradeTopics.map((topic) =>
      fact(`topic.${topic}`, { lookedFor: topic, found: true, where: [`docs/upgrade.md:12, section "${topic}"`] }),
    ),
    fact('blocks', [{ where: 'docs/upgrade.md:20', tags: ['backup'], ok: true }]),
    fact('names', [{ where: 'docs/upgrade.md:21', name: 'release gateway', known: true }]),
    end(START + 1_000),
  ]);
}

function pathHistory(): History {
  const places = ['before', ...hops];
  const isOld = (at: string) => at === 'before' || at === 'back';
  const records: HistoryRecord[] = [
    begin('upgrade.path'),
    fact('changed', releases),
    ...places.flatMap((at) => [
      fact(`data.${at}`, [{ what: 'a team', found: true }]),
      fact(`configuration.${at}`, { 'tools/list': isOld(at) ? '2: a, b' : '3: a, b, c' }),
      fact(
        `pods.${at}`,
        releases.map((name) => podFact(`${name}-${at}`)),
      ),
      fact(
        `releases.${at}`,
        Object.fromEntries(
          releases.map((name) => [name, { revision: 1, chart: name, manifest: isOld(at) ? 'm0' : 'm1' }]),
        ),
      ),
    ]),
    ...hops.flatMap((hop) => {
      const { start, end: over } = changeOf(hop);
      return [
        step(`traffic.baseline.${hop}`, start - 5_000, start),
        step(`document.${hop === 'back' ? 'before-rollback' : 'backup'}.${hop}`, start, start + 900, blocks),
        ...releases.map((name) => step(`${hop}.${name}`, start + 1_000, start + 8_000)),
        step(`settled.${hop}`, start + 8_000, start + 9_000),
        step(`change.${hop}`, start, over),
        step(`aftermath.${hop}`, over, over + 5_000),
        step(`document.verify.${hop}`, over + 5_000, over + 9_000, blocks),
      ];
    }),
    fact('versions', {
      before: Object.fromEntries(releases.map((name) => [name, `${name} 0.9.0`])),
      current: Object.fromEntries(releases.map((name) => [name, `${name} 1.0.0`])),
      note: 'as published',
    }),
    ...releases.map((name) =>
      fact(`history.${name}`, [
        revision(1, 'superseded', 'Install complete'),
        revision(2, 'superseded', 'Upgrade complete'),
        revision(3, 'superseded', 'Rollback to 1'),
        revision(4, 'deployed', 'Upgrade complete'),
      ]),
    ),
    end(START + 300_000),
  ];
  return new History(records, () => trafficOfHops());
}

/** One traffic that goes on through all hops. */
function trafficOfHops(): TrafficRecord[] {
  const parts = hops.map((hop) => steadyTraffic(changeOf(hop)));
  const [first = []] = parts;
  const calls = parts.flat().filter(isTrafficCall);
  const scheduled = calls.filter(({ launched }) => launched !== true).length;
  const last = parts.at(-1)?.at(-1);
  return [
    ...first.filter(({ type }) => type === 'traffic' || type === 'toolset'),
    ...calls.map((call, index) => ({ ...call, id: String(index + 1) })),
    ...(last?.type === 'traffic-end' ? [{ ...last, due: scheduled, sent: scheduled }] : []),
  ];
}

function failingHistory(id: string): History {
  const change = { start: START + 60_000, end: START + 100_000 };
  const places = ['before', 'after'];
  const records: HistoryRecord[] = [
    begin(id),
    ...places.flatMap((at) => [
      fact(`releases.${at}`, {
        gateway: { revision: at === 'before' ? 1 : 3, chart: 'gateway-1.0.0', manifest: 'm1' },
      }),
      fact(`pods.${at}`, [podFact('gateway-1'), podFact('gateway-2')]),
      fact(`objects.${at}`, ['Deployment/gateway', 'Service/gateway']),
    ]),
    step('attempt', change.start, change.end - 1_000, { failed: true, reason: 'not ready', remedy: 'helm' }),
    step('change', change.start, change.end),
    fact('history', [
      revision(1, 'superseded', 'Install complete'),
      revision(2, 'failed', 'Upgrade "gateway" failed'),
      revision(3, 'deployed', 'Rollback to 1'),
    ]),
    end(change.end + 20_000),
  ];
  return new History(records, () => steadyTraffic(change));
}

export function revision(number: number, status: string, description: string) {
  return { revision: number, status, chart: 'gateway-1.0.0', description };
}

export function podFact(name: string, more: object = {}) {
  return {
    name,
    uid: `uid of ${name}`,
    images: ['registry/gateway:1'],
    restarts: 0,
    ready: true,
    outdated: false,
    ...more,
  };
}

function begin(experiment: string): HistoryRecord {
  return { type: 'begin', at: START, experiment, target: 'contextforge', run: '20261121-100000-abcd' };
}

function end(at: number): HistoryRecord {
  return { type: 'end', at, status: 'completed' };
}

function fact(key: string, value: unknown): FactRecord {
  return { type: 'fact', at: START + 10, key, value };
}

function step(id: string, from: number, to: number, detail?: Record<string, unknown>): StepRecord {
  return { type: 'step', id, title: id, start: from, end: to, ok: true, ...(detail === undefined ? {} : { detail }) };
}
