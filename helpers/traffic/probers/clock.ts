/**
 * One question to the clock of another machine, and its answer, in ms: `asked` and `heard` are moments of this machine's clock, `received` and
 * `answered` of the other one.
 */
export interface Exchange {
  asked: number;
  received: number;
  answered: number;
  heard: number;
}

/** What has to be added to moments of the other machine to have them on this machine's clock. */
export interface Offset {
  /** When it was measured, by the other machine's clock. */
  at: number;
  ms: number;
  /** The truth lies within this, in ms. */
  error: number;
}

/** Linux slews a clock by this at most, in parts per million (adjtimex(2)), and two clocks may go apart. */
const DRIFT_PPM = 2 * 500;

/**
 * The offset of another machine's clock from questions that were asked right after each other. No question is received before it is asked, and
 * none is heard before it is answered: each exchange bounds the offset from both sides, whatever the two ways took (Cristian, Probabilistic
 * Clock Synchronization, 1989), and what all of them allow is narrower than what the fastest one allows by itself (half its round trip; RFC
 * 5905, 8). Undefined without an exchange, and when they contradict each other: then a clock was stepped.
 */
export function offsetOf(exchanges: readonly Exchange[]): Offset | undefined {
  const moments = exchanges.flatMap(({ received, answered }) => [received, answered]);
  if (moments.length === 0) return undefined;
  const [first, last] = [Math.min(...moments), Math.max(...moments)];
  const drift = ((last - first) * DRIFT_PPM) / 1e6;
  const lower = Math.max(...exchanges.map(({ asked, received }) => asked - received)) - drift;
  const upper = Math.min(...exchanges.map(({ heard, answered }) => heard - answered)) + drift;
  if (lower > upper) return undefined;
  return { at: (first + last) / 2, ms: (lower + upper) / 2, error: (upper - lower) / 2 };
}

/** A moment on this machine's clock, and how far it may be from the truth, in ms. */
export interface Told {
  at: number;
  error: number;
}

/**
 * Brings moments of another machine onto this machine's clock, from its offset before and after. In between the rates of both clocks are taken
 * for constant, so that the error is at most the larger of the two.
 */
export function clockBetween(before: Offset, after: Offset): (moment: number) => Told {
  const span = after.at - before.at;
  return (moment) => {
    const share = span <= 0 ? 0 : Math.min(1, Math.max(0, (moment - before.at) / span));
    // What lies outside is as far from a measurement as it is long.
    const outside = Math.max(0, before.at - moment, moment - after.at);
    return {
      at: moment + before.ms + share * (after.ms - before.ms),
      error: Math.max(before.error, after.error) + (outside * DRIFT_PPM) / 1e6,
    };
  };
}
