import type { RunVerdict } from '../types.ts';
import { ctrfReport } from './ctrf.ts';
import { metricsText } from './metrics.ts';
import type { ViewedRun } from './run.ts';
import { summaryOf } from './summary.ts';

/** The verdict in the formats of others, by name. Pure, so that `seatrial report` rebuilds them byte for byte. */
export function machineFiles(verdict: RunVerdict, run: ViewedRun): Map<string, string> {
  return new Map([
    ['ctrf.json', json(ctrfReport(verdict, run))],
    ['metrics.txt', metricsText(verdict, run)],
    ['summary.json', json(summaryOf(verdict, run))],
  ]);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
