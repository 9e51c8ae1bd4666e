import type { CallRecord } from '../history/records.ts';
import type { PathName } from './plan.ts';

/** One line of `traffic.jsonl`, the history of the traffic, which lies beside the history of its experiment. Moments as there. */
export type TrafficRecord = TrafficBegin | TrafficCall | Toolset | MachineTime | TrafficEnd;

/** First line. */
export interface TrafficBegin {
  type: 'traffic';
  at: number;
  url: string;
  /** Calls a second that were to be sent, by path; lanes of long calls are in `in-flight`. */
  offered: Partial<Record<PathName, number>>;
  sessions: number;
  /** Lengths of the long calls, in seconds. */
  lengths: number[];
  /** Revision of MCP that was negotiated, e.g. `2026-07-28`; `rest` for predictions. */
  protocol: string;
  /** Whether the server handed out session ids. */
  stateful: boolean;
  /** How the observer runs: `real-time`, `nice` or `normal`. */
  priority: string;
}

/** A call of a path. `start - due` is the observer's own delay; `end - due` is what a client would have waited. */
export interface TrafficCall extends CallRecord {
  path: PathName;
  /** Number of the standing session, or of the user. */
  session?: number;
  /** Seconds that the call was to take, where it was a long one. */
  length?: number;
  /** It was one of those that were launched for the change. */
  launched?: true;
  /** The connection had served calls before. */
  reused?: true;
  /** Fingerprint of the tools that a session was told of. */
  toolset?: string;
  /** Where calls of several machines were brought onto one clock: how far its moments may be from the truth, in ms. */
  clockErrorMs?: number;
}

/** The tools behind a fingerprint, the first time that it is seen. */
export interface Toolset {
  type: 'toolset';
  at: number;
  toolset: string;
  tools: string[];
}

/** CPU time of the machine that the observer runs on, as of then, in ticks since it was started. */
export interface MachineTime {
  type: 'machine';
  at: number;
  total: number;
  /** Of it, what the host of a virtual machine gave to others. */
  stolen: number;
}

/** Last line. */
export interface TrafficEnd {
  type: 'traffic-end';
  at: number;
  /** Calls that came due while the observer ran, and those that were sent. */
  due: number;
  sent: number;
  /** Calls that had not ended when the observer gave up waiting. */
  unfinished: number;
  /** CPU time of the observer while traffic ran, in ms, and that time. */
  cpuMs: number;
  elapsedMs: number;
}

export function isTrafficCall(record: TrafficRecord): record is TrafficCall {
  return record.type === 'call';
}
