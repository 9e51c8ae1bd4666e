import type { MachineTime, Toolset, TrafficBegin, TrafficCall, TrafficEnd, TrafficRecord } from '../records.ts';
import type { Told } from './clock.ts';

/** What one of several observers wrote down, and how its clock is brought onto the run's own. */
export interface ProberHistory {
  records: readonly TrafficRecord[];
  clock: (moment: number) => Told;
}

type Kind<Type extends TrafficRecord['type']> = Extract<TrafficRecord, { type: Type }>;

/**
 * One history of the traffic of several observers, as if one had sent all of it: rates, calls and sessions are added up, moments are told by
 * one clock, and every call says how far that may be off. Without the end of any of them there is no end: it may have been cut off. What the
 * machines' CPU did is left out, since their counters have nothing in common; the observers' own histories have it.
 * @throws Error when an observer has no first line, or called something else than the others.
 */
export function mergeTraffic(histories: readonly ProberHistory[]): TrafficRecord[] {
  const begins = histories.map((history, index) => told(history, beginOf(history, index)));
  const [first] = begins;
  if (first === undefined) return [];
  const odd = begins.findIndex(({ url, protocol }) => url !== first.url || protocol !== first.protocol);
  if (odd !== -1) throw new Error(`observer ${String(odd + 1)} called something else than observer 1`);
  let sessions = 0;
  const calls = histories.flatMap((history, index) => {
    const before = sessions;
    sessions += begins[index]?.sessions ?? 0;
    return of(history, 'call').map((call) => ownCall(history, call, { prober: index + 1, sessionsBefore: before }));
  });
  const ends = histories.flatMap((history) => of(history, 'traffic-end').map((end) => told(history, end)));
  return [
    { ...first, ...addedUp(begins), sessions },
    ...[...toolsetsOf(histories), ...calls].toSorted((a, b) => momentOf(a) - momentOf(b)),
    ...(ends.length === histories.length ? [endOf(ends)] : []),
  ];
}

function addedUp(
  begins: readonly TrafficBegin[],
): Pick<TrafficBegin, 'at' | 'offered' | 'lengths' | 'stateful' | 'priority'> {
  const offered: TrafficBegin['offered'] = {};
  for (const [path, rate] of begins.flatMap(
    (begin) => Object.entries(begin.offered) as [keyof typeof offered, number][],
  ))
    offered[path] = (offered[path] ?? 0) + rate;
  return {
    at: Math.min(...begins.map(({ at }) => at)),
    offered,
    lengths: begins.flatMap(({ lengths }) => lengths),
    stateful: begins.some(({ stateful }) => stateful),
    priority: [...new Set(begins.map(({ priority }) => priority))].join(', '),
  };
}

/** How busy an observer was is told of the one that was busiest. */
function endOf(ends: readonly TrafficEnd[]): TrafficEnd {
  const sum = (value: (end: TrafficEnd) => number) => ends.reduce((total, end) => total + value(end), 0);
  const share = ({ cpuMs, elapsedMs }: TrafficEnd) => (elapsedMs === 0 ? 0 : cpuMs / elapsedMs);
  const [busiest] = ends.toSorted((a, b) => share(b) - share(a));
  return {
    type: 'traffic-end',
    at: Math.max(...ends.map(({ at }) => at)),
    due: sum(({ due }) => due),
    sent: sum(({ sent }) => sent),
    unfinished: sum(({ unfinished }) => unfinished),
    cpuMs: busiest?.cpuMs ?? 0,
    elapsedMs: busiest?.elapsedMs ?? 0,
  };
}

function ownCall(
  { clock }: ProberHistory,
  { type, id, session, due, start, end, ...call }: TrafficCall,
  { prober, sessionsBefore }: { prober: number; sessionsBefore: number },
): TrafficCall {
  const moments = { due: clock(due), start: clock(start), end: clock(end) };
  const errors = Object.values(moments).map(({ error }) => error);
  return {
    type,
    id: `${String(prober)}/${id}`,
    ...call,
    ...(session === undefined ? {} : { session: sessionsBefore + session }),
    due: micros(moments.due.at),
    start: micros(moments.start.at),
    end: micros(moments.end.at),
    // In tenths, upwards: calls that say the same take little room.
    clockErrorMs: Math.ceil(Math.max(...errors) * 10) / 10,
  };
}

/** As histories tell moments. */
function micros(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

/** Each set of tools once, when it was seen first. */
function toolsetsOf(histories: readonly ProberHistory[]): Toolset[] {
  const all = histories.flatMap((history) => of(history, 'toolset').map((record) => told(history, record)));
  const sorted = all.toSorted((a, b) => a.at - b.at);
  return sorted.filter(({ toolset }, index) => sorted.findIndex((other) => other.toolset === toolset) === index);
}

function beginOf(history: ProberHistory, index: number): TrafficBegin {
  const [begin] = of(history, 'traffic');
  if (begin === undefined) throw new Error(`the history of observer ${String(index + 1)} has no first line`);
  return begin;
}

function of<Type extends TrafficRecord['type']>({ records }: ProberHistory, type: Type): Kind<Type>[] {
  return records.filter((record): record is Kind<Type> => record.type === type);
}

function told<T extends Exclude<TrafficRecord, TrafficCall | MachineTime>>({ clock }: ProberHistory, record: T): T {
  return { ...record, at: clock(record.at).at };
}

function momentOf(record: TrafficCall | Toolset): number {
  return record.type === 'call' ? record.start : record.at;
}
