import type { TrafficCall } from '../../../../helpers/traffic/records.ts';
import { isLost, MERGE_GAP_MS } from '../../../../helpers/traffic/analysis/windows.ts';
import type { Window } from '../../../../helpers/traffic/analysis/windows.ts';

/**
 * What is found in calls, as one would define it with all of them in memory and in order. The suite's own way keeps only the few that
 * matter, and must find the same.
 */
export function outageWindowsByDefinition(
  calls: readonly TrafficCall[],
  watched?: { from: number; to: number },
): Window[] {
  const sorted = calls.toSorted((a, b) => a.start - b.start);
  const windows: { first: number; last: number }[] = [];
  for (const [index, call] of sorted.entries()) {
    if (!isLost(call)) continue;
    const current = windows.at(-1);
    const isNext = current?.last === index - 1;
    const isClose = current !== undefined && call.start - startOf(sorted, current.last, NaN) <= MERGE_GAP_MS;
    if (current !== undefined && (isNext || isClose)) current.last = index;
    else windows.push({ first: index, last: index });
  }
  return windows.map(({ first, last }) => {
    const [firstBad, lastBad] = [startOf(sorted, first, NaN), startOf(sorted, last, NaN)];
    const before = startOf(sorted, first - 1, Math.min(watched?.from ?? firstBad, firstBad));
    const after = startOf(sorted, last + 1, Math.max(watched?.to ?? lastBad, lastBad));
    return {
      start: (before + firstBad) / 2,
      end: (lastBad + after) / 2,
      error: { start: (firstBad - before) / 2, end: (after - lastBad) / 2 },
      calls: sorted.slice(first, last + 1).filter(isLost),
    };
  });
}

function startOf(calls: readonly TrafficCall[], index: number, otherwise: number): number {
  return calls[index]?.start ?? otherwise;
}

export function smallestOutageByDefinition(
  calls: readonly TrafficCall[],
  { from, to }: { from: number; to: number },
): number | undefined {
  const starts = calls.map(({ start }) => start).filter((start) => start >= from && start <= to);
  const moments = [from, ...starts.toSorted((a, b) => a - b), to];
  if (starts.length < 2) return undefined;
  return Math.max(...moments.slice(1).map((moment, index) => moment - (moments[index] ?? NaN)));
}

export function sessionsByDefinition(
  calls: readonly TrafficCall[],
  change: { start: number },
): { watched: number; lost: TrafficCall[] } {
  const own = calls.filter(({ path }) => path === 'session').toSorted((a, b) => a.start - b.start);
  const watched = [...Map.groupBy(own, ({ session }) => session).values()].filter((session) => {
    const before = session.filter(({ end }) => end <= change.start);
    return before.length > 0 && before.length < session.length && !before.some(isLost);
  });
  return { watched: watched.length, lost: watched.flatMap((session) => session.at(-1) ?? []).filter(isLost) };
}
