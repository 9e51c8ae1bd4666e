import type { Protocol, ToolCall } from '../mcp/client.ts';
import type { AskedPrediction } from '../serving/requests.ts';

/**
 * Kinds of traffic, judged apart since a change hurts them in different ways: a listener that closes early refuses new connections, a
 * server that stops cuts reused ones, a drain that is too short loses long calls, and state in a pod's memory loses sessions. `session` is
 * a standing session of MCP, or a user of a model who keeps what the server handed out (cookies).
 */
export type PathName = 'new-connection' | 'kept-alive' | 'batch' | 'in-flight' | 'session' | 'control';

/** A tool that works for as many seconds as it is told to, and streams progress meanwhile where the server can. */
export interface LongCall {
  tool: string;
  arguments: Record<string, unknown>;
  /** Name of the argument that takes the seconds. */
  secondsArgument: string;
  expect: string;
  /** Lengths of the calls, in seconds. */
  lengths: readonly number[];
}

/** What the observer does. Plain data: it travels to the observer's process as JSON. */
export type TrafficPlan = McpTrafficPlan | PredictionTrafficPlan;

interface CommonPlan {
  url: string;
  /** Standing sessions that are watched; for a model its users. */
  sessions: number;
  /** An address that the change does not touch; a GET that is answered below 500 is good. */
  control?: { url: string; /** PEM of the authority that signed its certificate. */ ca?: string };
  /** History of the traffic (JSON Lines). */
  file: string;
  /** What must not stand in it, though an answer says it; handed over through the channel between the processes only. */
  secrets?: readonly string[];
  /** Milliseconds since the epoch at which the machine's monotonic clock was zero, as the run's own process sees it. */
  clockOffsetMs: number;
  limits: {
    /** A call that takes longer than this beyond its own length counts as `timeout`, in ms. */
    callMs: number;
    /** The observer stops by itself after this time, in ms. */
    totalMs: number;
  };
}

/** Calls a second of each path; `session` is the rate of all sessions together. */
interface CommonRates {
  newConnection: number;
  keptAlive: number;
  session: number;
  control: number;
}

/** Tool calls to an MCP gateway. */
export interface McpTrafficPlan extends CommonPlan {
  kind: 'mcp';
  /** Bearer token; handed over through the channel between the processes only. */
  token?: string;
  protocol: Protocol;
  toolCall: ToolCall;
  longCall?: LongCall;
  rates: CommonRates;
  /** Response header that names the replica of the gateway, where it sends one. */
  servedByHeader?: string;
}

/** Predictions of a model over HTTP. */
export interface PredictionTrafficPlan extends CommonPlan {
  kind: 'predictions';
  /** Asked in turn. */
  predictions: readonly AskedPrediction[];
  /** All samples in one request. */
  batch?: AskedPrediction;
  rates: CommonRates & { batch: number };
}

/** What the observer hears. */
export type ObserverCommand = { type: 'start'; plan: TrafficPlan } | { type: 'launch' } | { type: 'stop' };

/** What the observer says. */
export type ObserverMessage =
  | { type: 'running' }
  /** The calls that `launch` asked for were sent. */
  | { type: 'launched' }
  | { type: 'stopped' }
  | { type: 'failed'; message: string };
