import { now } from '../history/history.ts';

/** The machine's monotonic clock, the same for all processes, in ms. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** To be added to the monotonic clock so that another process tells the same moments as this one, whatever the wall clock does meanwhile. */
export function clockOffsetMs(): number {
  return now() - monotonicMs();
}
