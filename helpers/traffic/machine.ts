import { readFileSync } from 'node:fs';

/** CPU time of the machine since it was started, in ticks of its own: all of it, and what its host gave to others meanwhile. */
export interface CpuTime {
  total: number;
  stolen: number;
}

/**
 * Reads the machine's CPU time; undefined where the system does not tell it.
 * Source of the columns: proc_stat(5); guest time is part of user time already, so it is left out.
 */
export function cpuTime(file = '/proc/stat'): CpuTime | undefined {
  try {
    return parseCpuTime(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param text of `/proc/stat`. */
export function parseCpuTime(text: string): CpuTime | undefined {
  const line = /^cpu +(.+)$/m.exec(text)?.[1];
  if (line === undefined) return undefined;
  const ticks = line.split(' ').slice(0, 8).map(Number);
  const stolen = ticks[7];
  return stolen === undefined ? undefined : { total: ticks.reduce((sum, value) => sum + value, 0), stolen };
}
