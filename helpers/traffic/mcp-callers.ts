import { Agents } from './agents.ts';
import { controlLane } from './caller.ts';
import type { Caller, Callers } from './caller.ts';
import { prepareToolCall } from './mcp-call.ts';
import type { McpTrafficPlan } from './plan.ts';
import { send } from './send.ts';
import { learn, withArguments } from './wire.ts';
import type { Learned } from './wire.ts';

/**
 * Calls up to this length are also in flight all the time, since what follows a change (a late drain, a second replica) hits them too;
 * longer ones are sent for the change only, else their end would have to be waited for after everything else. In seconds.
 */
const LONGEST_STANDING = 6;
/** Connects the sessions, learns how calls look, and prepares all paths. @throws what `learn` throws. */
export async function mcpCallers(plan: McpTrafficPlan): Promise<Callers> {
  const { longCall, toolCall, rates } = plan;
  const shortest = Math.min(...(longCall?.lengths ?? []));
  const asked = [
    toolCall,
    ...(longCall === undefined ? [] : [{ ...longCall, arguments: argumentsOf(longCall, shortest) }]),
  ];
  const learned = await learn(plan, asked);
  const sessions = await openSessions(plan);
  const agents = new Agents(plan.url, plan.rates.keptAlive);

  const [call, longWire] = learned.calls;
  if (call === undefined) throw new Error('no tool call was learned');
  const short = prepareToolCall(call, { ...common(plan), expect: toolCall.expect });
  const facts = { method: 'tools/call', tool: toolCall.tool };
  const long = (longWire === undefined || longCall === undefined ? [] : longCall.lengths).map((length): Caller => {
    const wire = withArguments(longWire ?? call, argumentsOf(longCall ?? toolCall, length));
    const options = common(plan);
    const prepared = prepareToolCall(wire, {
      ...options,
      expect: longCall?.expect,
      limitMs: options.limitMs + length * 1000,
    });
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
      const prepared = prepareToolCall(list, common(plan));
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
    server: { protocol: learned.protocol, stateful: learned.sessionId !== undefined },
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

function common({ url, limits, servedByHeader }: McpTrafficPlan) {
  return { url, limitMs: limits.callMs, servedByHeader };
}

/** A few at a time: fifty at once would be a load of its own. */
async function openSessions(plan: McpTrafficPlan): Promise<Learned[]> {
  const sessions: Learned[] = [];
  while (sessions.length < plan.sessions) {
    const some = Math.min(5, plan.sessions - sessions.length);
    sessions.push(...(await Promise.all(Array.from({ length: some }, () => learn(plan, [plan.toolCall])))));
  }
  return sessions;
}
