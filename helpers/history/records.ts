/**
 * What a history is made of. A history is a JSON Lines file: one record a line, in the order of writing, never changed
 * afterwards. Verdicts, scores and pictures are pure functions of it.
 *
 * All moments are milliseconds since the Unix epoch, with fractions, taken from one monotonic clock per process
 * (`performance.timeOrigin + performance.now()`), so that a step of the wall clock cannot turn an interval negative.
 */
export type HistoryRecord =
  BeginRecord | StepRecord | WriteRecord | ObservationRecord | CallRecord | FactRecord | EndRecord;

/** First line of every history. */
export interface BeginRecord {
  type: 'begin';
  at: number;
  experiment: string;
  target: string;
  run: string;
}

/** Something with a duration that the experiment did or waited for (for example: `helm install gateway`). */
export interface StepRecord {
  type: 'step';
  /** Stable id within the experiment, e.g. `install.gateway`. */
  id: string;
  title: string;
  start: number;
  end: number;
  ok: boolean;
  /** Numbers and texts that belong to the step; never secrets. */
  detail?: Record<string, unknown>;
  /** The error's message when `ok` is false. */
  error?: string;
}

/** A write to the cluster or to the target: nothing is changed without one of these. */
export interface WriteRecord {
  type: 'write';
  at: number;
  /** e.g. `create`, `delete`, `patch`, `helm install`, `helm uninstall`. */
  verb: string;
  /** e.g. `Namespace/seatrial-x7k2p` or `release/gateway`. */
  object: string;
  namespace?: string;
}

/** A change that was seen on the cluster: a pod was scheduled, an image was pulled, a container got ready. */
export interface ObservationRecord {
  type: 'observation';
  at: number;
  /** e.g. `pod.scheduled`, `image.pulled`, `container.started`, `pod.ready`, `event`. */
  what: string;
  /** e.g. `Pod/gateway-6d5f-abcde`. */
  object: string;
  detail?: Record<string, unknown>;
}

/** One call to the target by a real client. */
export interface CallRecord {
  type: 'call';
  /** Unique within the history. */
  id: string;
  /** e.g. `tools/call`, `tools/list`, `initialize`. */
  method: string;
  tool?: string;
  /** When the call was due, when it was really sent, and when its answer (or error) was complete. */
  due: number;
  start: number;
  end: number;
  /** `served` only if the JSON-RPC payload is a result without `isError`; HTTP 200 alone proves nothing. */
  outcome: 'served' | 'rpc-error' | 'tool-error' | 'http-error' | 'network-error' | 'timeout' | 'wrong-payload';
  httpStatus?: number;
  error?: string;
  /** What the payload said about who served it (pod, version), where the tool tells. */
  servedBy?: Record<string, string>;
  /** The protocol revision that was negotiated, e.g. `2025-11-25`. */
  protocol?: string;
  /** Result, cut to a readable length; never secrets. */
  result?: string;
}

/** A named value that was found out (a version, a list of leftovers, a rendered manifest's digest). Last one of a key wins. */
export interface FactRecord {
  type: 'fact';
  at: number;
  key: string;
  value: unknown;
}

/** Last line of a history that was not cut off. `aborted`: the experiment itself broke (not: the target failed). */
export interface EndRecord {
  type: 'end';
  at: number;
  status: 'completed' | 'aborted';
  error?: string;
}
