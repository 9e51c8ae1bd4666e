import type { TrafficPlan } from './plan.ts';
import { probe } from './probe.ts';
import type { TrafficBegin, TrafficCall } from './records.ts';
import type { Ended } from './send.ts';

/** A control endpoint that needs longer than this is no control, in ms. */
const CONTROL_LIMIT_MS = 5_000;

/** One way of calling: what is recorded of it beforehand, and how it is done. */
export interface Caller {
  rate: number;
  phase: number;
  facts: Pick<TrafficCall, 'path' | 'method' | 'tool' | 'session' | 'length'>;
  call: (id: number) => Promise<Ended>;
}

export interface Callers {
  /** Every lane of the schedule. */
  lanes: Caller[];
  /** One of each length, for `launch`. */
  long: Caller[];
  /** What was found out about the server. */
  server: Pick<TrafficBegin, 'protocol' | 'stateful'>;
  close: () => Promise<void>;
}

/** The lane that tells trouble of the target from trouble of the network and of the observer. */
export function controlLane({ control, rates }: Pick<TrafficPlan, 'control' | 'rates'>): Caller[] {
  if (control === undefined) return [];
  return [
    {
      rate: rates.control,
      phase: 0.5,
      facts: { path: 'control', method: 'GET' },
      call: () => probe(control, CONTROL_LIMIT_MS),
    },
  ];
}
