import { writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { TrafficLog } from '../../../../helpers/history/traffic-log.ts';
import { countOf, endsOf, firstOf, startsOf } from '../../../../helpers/traffic/analysis/calls.ts';
import type { Calls } from '../../../../helpers/traffic/analysis/calls.ts';
import { answerableBy, figuresOf } from '../../../../helpers/traffic/analysis/figures.ts';
import { latencyOf } from '../../../../helpers/traffic/analysis/latency.ts';
import { sessionsOf, sightOf, smallestOutage } from '../../../../helpers/traffic/analysis/sight.ts';
import { isLost, outageWindows, stallWindows } from '../../../../helpers/traffic/analysis/windows.ts';
import type { TrafficCall, TrafficEnd, TrafficRecord } from '../../../../helpers/traffic/records.ts';
import { outageWindowsByDefinition, sessionsByDefinition, smallestOutageByDefinition } from './definitions.ts';

/** Moment at which histories here begin: 2026-11-21T10:00:00Z. */
const START = 1_795_255_200_000;

/** Moments as the observer tells them, in whole microseconds, and such as it does not. Many calls are sent at the same one. */
const moment = fc.oneof(
  fc.integer({ min: 0, max: 20 }).map((tenths) => START + tenths * 100),
  fc.integer({ min: 0, max: 2_000_000 }).map((micros) => Math.round(START * 1000 + micros) / 1000),
  fc.double({ min: 0, max: 2_000, noNaN: true }).map((ms) => START + ms),
);

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

/** Any call, with an id that is none of the observer's now and then. */
const anyCall = fc
  .record({
    id: fc.oneof(
      fc.nat().map(String),
      fc.string({ maxLength: 12 }),
      fc.nat().map((id) => `prober-3-00${String(id)}`),
    ),
    path: fc.constantFrom('new-connection', 'kept-alive', 'session', 'control', 'in-flight'),
    start: moment,
    late: fc.constantFrom(0, 0.2, 60.125, -1),
    takes: fc.oneof(fc.constantFrom(0, 8, 6_000, 5_000_000), fc.double({ min: 0, max: 10_000, noNaN: true })),
    outcome: fc.constantFrom('served', 'served', 'network-error', 'timeout'),
    session: optional(fc.nat({ max: 2 })),
    length: optional(fc.constantFrom(1, 6)),
    launched: optional(fc.constant(true as const)),
    error: optional(fc.string({ unit: 'grapheme', maxLength: 8 })),
    servedBy: optional(fc.record({ version: fc.constantFrom('v1', 'v2') })),
  })
  .map(({ late, takes, start, ...facts }): TrafficCall => {
    const record = { type: 'call', ...facts, method: 'tools/call', due: start - late, start, end: start + takes };
    return JSON.parse(JSON.stringify(record)) as TrafficCall;
  });
const anyCalls = fc.array(anyCall, { maxLength: 60 });

const end: TrafficEnd = { type: 'traffic-end', at: START, due: 9, sent: 9, unfinished: 0, cpuMs: 1, elapsedMs: 10 };
const anyRecords = fc.array(
  fc.oneof(
    { arbitrary: anyCall, weight: 5 },
    {
      arbitrary: fc.nat().map((total): TrafficRecord => ({ type: 'machine', at: START, total, stolen: 0 })),
      weight: 1,
    },
    { arbitrary: fc.constant(end), weight: 1 },
  ),
  { maxLength: 60 },
);

const stored = (calls: readonly TrafficCall[]) => TrafficLog.of(calls).calls;
const ids = (calls: Calls) => [...calls].map(({ id, start }) => `${id} ${String(start)}`);

test.describe('calls that are read one after the other', { tag: '@static' }, () => {
  test('should give the outages, sessions and pauses that all of them in order give', () => {
    fc.assert(
      fc.property(anyCalls, moment, (calls, at) => {
        const watched = { from: START, to: at };
        expect(outageWindows(calls, watched)).toEqual(outageWindowsByDefinition(calls, watched));
        expect(outageWindows(calls)).toEqual(outageWindowsByDefinition(calls));
        expect(sessionsOf(calls, { start: at })).toEqual(sessionsByDefinition(calls, { start: at }));
        expect(smallestOutage(calls, watched)).toBe(smallestOutageByDefinition(calls, watched));
      }),
    );
  });

  test('should give the same from columns as from objects', () => {
    const windows = (calls: Calls) =>
      [...outageWindows(calls), ...stallWindows(calls, 5_000)].map((window) => ({
        ...window,
        calls: ids(window.calls),
      }));
    fc.assert(
      fc.property(anyCalls, moment, (calls, at) => {
        const columns = stored(calls);
        expect(ids(columns)).toEqual(ids(calls));
        expect(windows(columns)).toEqual(windows(calls));
        expect(latencyOf(columns)).toEqual(latencyOf(calls));
        expect(figuresOf(columns)).toEqual(figuresOf(calls));
        expect(ids(answerableBy(columns, 'v2'))).toEqual(ids(answerableBy(calls, 'v2')));
        expect(smallestOutage(columns, { from: START, to: at })).toBe(smallestOutage(calls, { from: START, to: at }));
        const { late, controlOutages, ...sight } = sightOf(columns, end, 50);
        expect(sight).toEqual((({ late: _, controlOutages: __, ...rest }) => rest)(sightOf(calls, end, 50)));
        expect(ids(late)).toEqual(ids(sightOf(calls, end, 50).late));
        expect(controlOutages).toHaveLength(sightOf(calls, end, 50).controlOutages.length);
        const { watched, lost } = sessionsOf(columns, { start: at });
        expect({ watched, lost: ids(lost) }).toEqual({
          watched: sessionsOf(calls, { start: at }).watched,
          lost: ids(sessionsOf(calls, { start: at }).lost),
        });
      }),
    );
  });

  test('should be selected as objects are', () => {
    fc.assert(
      fc.property(anyCalls, fc.nat({ max: 5 }), (calls, most) => {
        const isControl = ({ path }: TrafficCall) => path === 'control';
        const columns = stored(calls).filter((call) => !isLost(call));
        const objects = calls.filter((call) => !isLost(call));
        expect(ids(columns)).toEqual(ids(objects));
        expect(ids(columns.filter(isControl))).toEqual(ids(objects.filter(isControl)));
        expect(columns.some(isControl)).toBe(objects.some(isControl));
        expect(columns.find(isControl)?.id).toBe(objects.find(isControl)?.id);
        expect(columns.findLast(isControl)?.id).toBe(objects.findLast(isControl)?.id);
        expect(countOf(columns, isControl)).toBe(objects.filter(isControl).length);
        expect(ids(firstOf(columns, most))).toEqual(ids(objects.slice(0, most)));
        const starts = objects.map(({ start }) => start);
        expect(startsOf(columns)).toEqual({ from: Math.min(...starts), to: Math.max(...starts) });
        const byEnd = objects.toSorted((a, b) => a.end - b.end);
        expect([endsOf(columns)?.first.id, endsOf(columns)?.last.id]).toEqual([byEnd[0]?.id, byEnd.at(-1)?.id]);
      }),
    );
  });
});

test.describe('the history of traffic', { tag: '@static' }, () => {
  test('should read back every record as it was written, and know its line', () => {
    const file = test.info().outputPath('traffic.jsonl');
    fc.assert(
      fc.property(anyRecords, (records) => {
        const lines = records.map((record) => JSON.stringify(record));
        writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
        for (const log of [TrafficLog.read(file), TrafficLog.of(records)]) {
          // The order of a record's fields is a part of what was written.
          expect([...log].map((record) => JSON.stringify(record))).toEqual(lines);
          expect(lines.map((_, index) => JSON.stringify(log.record(index + 1)))).toEqual(lines);
          expect(log.record(0)).toBeUndefined();
          expect(log.record(lines.length + 1)).toBeUndefined();
          const numbers = [...log.calls].map((call) => log.lineOf(call));
          expect(numbers.map((line) => lines[line - 1])).toEqual(
            records.filter(({ type }) => type === 'call').map((record) => JSON.stringify(record)),
          );
          expect(log.machine.map((time) => lines[log.lineOf(time) - 1])).toEqual(
            records.filter(({ type }) => type === 'machine').map((record) => JSON.stringify(record)),
          );
        }
      }),
    );
  });

  test('should keep calls of any number, more than it has room for at first', () => {
    const calls = Array.from({ length: 3_000 }, (_, index): TrafficCall => {
      const due = START + index * 5;
      const moments = { due, start: due + 0.25, end: due + 8.125 };
      return { type: 'call', id: String(index), path: 'kept-alive', method: 'GET', ...moments, outcome: 'served' };
    });
    expect([...TrafficLog.of(calls)]).toEqual(calls);
    expect(TrafficLog.of(calls).calls).toHaveLength(3_000);
  });

  test('should know its first and its last record, and none of another history', () => {
    const begin = { type: 'traffic', at: START, url: '' } as TrafficRecord;
    const log = TrafficLog.of([begin, end]);
    expect([log.begin, log.end]).toEqual([begin, end]);
    expect(log.lineOf({ ...end })).toBe(0);
    expect([TrafficLog.of([]).begin, TrafficLog.of([]).end]).toEqual([undefined, undefined]);
  });

  test('should not hide a line that is damaged', () => {
    const file = test.info().outputPath('traffic.jsonl');
    for (const line of [
      '{"type":"call",',
      '{"type":"call","id":"1","path":,"due":1,"start":1,"end":2,"outcome":"served"}',
    ]) {
      writeFileSync(file, `${line}\n`);
      expect(() => TrafficLog.read(file)).toThrow(SyntaxError);
    }
  });
});
