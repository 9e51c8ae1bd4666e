import http from 'node:http';
import https from 'node:https';
import type { TrafficPlan } from './plan.ts';
import type { TrafficCall } from './records.ts';
import { prepare, send } from './send.ts';
import type { Ended, Prepared } from './send.ts';
import { probe } from './probe.ts';
import { learn, withArguments } from './wire.ts';
import type { Learned } from './wire.ts';

/** Connections that the kept-alive path goes through in turn: more than replicas, so that each replica holds some. */
const KEPT_CONNECTIONS = 8;
/**
 * Calls up to this length are also in flight all the time, since what follows a change (a late drain, a second replica) hits them too;
 * longer ones are sent for the change only, else their end would have to be waited for after everything else. In seconds.
 */
const LONGEST_STANDING = 6;
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
  learned: Learned;
  close: () => Promise<void>;
}

/** Connects the sessions, learns how calls look, and prepares all paths. @throws what `learn` throws. */
export async function prepareCallers(plan: TrafficPlan): Promise<Callers> {
  const { longCall, toolCall, rates } = plan;
  const shortest = Math.min(...(longCall?.lengths ?? []));
  const asked = [
    toolCall,
    ...(longCall === undefined ? [] : [{ ...longCall, arguments: argumentsOf(longCall, shortest) }]),
  ];
  const learned = await learn(plan, asked);
  const sessions = await openSessions(plan);
  const agents = new Agents(plan.url);

  const [call, longWire] = learned.calls;
  if (call === undefined) throw new Error('no tool call was learned');
  const short = prepare(call, { ...common(plan), expect: toolCall.expect });
  const facts = { method: 'tools/call', tool: toolCall.tool };
  const long = (longWire === undefined || longCall === undefined ? [] : longCall.lengths).map((length): Caller => {
    const wire = withArguments(longWire ?? call, argumentsOf(longCall ?? toolCall, length));
    const options = common(plan);
    const prepared = prepare(wire, { ...options, expect: longCall?.expect, limitMs: options.limitMs + length * 1000 });
    return {
      rate: length > LONGEST_STANDING ? 0 : 1 / length,
      phase: 0.25,
      facts: { path: 'in-flight', method: 'tools/call', tool: longCall?.tool ?? '', length },
      call: (id) => send(prepared, id, agents.fresh()),
    };
  });
  const lanes: Caller[] = [
    {
      rate: rates.newConnection,
      phase: 0,
      facts: { path: 'new-connection', ...facts },
      call: (id) => send(short, id, agents.fresh()),
    },
    // Half an interval after the new connections: together they look twice as often as each alone.
    {
      rate: rates.keptAlive,
      phase: 0.5,
      facts: { path: 'kept-alive', ...facts },
      call: (id) => send(short, id, agents.kept()),
    },
    ...long,
    ...sessions.map(({ list }, session): Caller => {
      const prepared = prepare(list, common(plan));
      const agent = agents.keptAlive();
      return {
        rate: rates.session / sessions.length,
        phase: session / sessions.length,
        facts: { path: 'session', method: 'tools/list', session },
        call: (id) => send(prepared, id, agent),
      };
    }),
    ...controlLane(plan),
  ];
  return {
    lanes,
    long,
    learned,
    close: async () => {
      agents.close();
      await Promise.allSettled([learned, ...sessions].map((session) => session.close()));
    },
  };
}

function argumentsOf(
  call: { arguments: Record<string, unknown>; secondsArgument?: string },
  seconds: number,
): Record<string, unknown> {
  return call.secondsArgument === undefined ? call.arguments : { ...call.arguments, [call.secondsArgument]: seconds };
}

function common({ url, limits, servedByHeader }: TrafficPlan): Omit<Prepared, 'body' | 'headers' | 'expect' | 'url'> & {
  url: string;
} {
  return { url, limitMs: limits.callMs, servedByHeader };
}

/** A few at a time: fifty at once would be a load of its own. */
async function openSessions(plan: TrafficPlan): Promise<Learned[]> {
  const sessions: Learned[] = [];
  while (sessions.length < plan.sessions) {
    const some = Math.min(5, plan.sessions - sessions.length);
    sessions.push(...(await Promise.all(Array.from({ length: some }, () => learn(plan, [plan.toolCall])))));
  }
  return sessions;
}

function controlLane({ control, rates }: TrafficPlan): Caller[] {
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

/** The connections: new ones, and kept ones that are used in turn. */
class Agents {
  readonly #secure: boolean;
  readonly #fresh: http.Agent;
  readonly #all: http.Agent[] = [];
  readonly #kept: http.Agent[];
  #turn = 0;

  constructor(url: string) {
    this.#secure = url.startsWith('https:');
    this.#fresh = this.#make(false);
    this.#kept = Array.from({ length: KEPT_CONNECTIONS }, () => this.keptAlive());
  }

  /** A new connection for each call. */
  fresh(): http.Agent {
    return this.#fresh;
  }

  kept(): http.Agent {
    return this.#kept[this.#turn++ % KEPT_CONNECTIONS] ?? this.#fresh;
  }

  /** Connections of one client; a second one is opened only when the first is busy, so that no call waits for another. */
  keptAlive(): http.Agent {
    return this.#make(true);
  }

  close(): void {
    for (const agent of this.#all) agent.destroy();
  }

  #make(keepAlive: boolean): http.Agent {
    const agent = this.#secure ? new https.Agent({ keepAlive }) : new http.Agent({ keepAlive });
    this.#all.push(agent);
    return agent;
  }
}
