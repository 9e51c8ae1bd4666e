import { McpClient } from '../mcp/client.ts';
import type { ConnectOptions, ToolCall } from '../mcp/client.ts';

/** A request as the reference client sent it, to be sent again and again with other ids. */
export interface Wire {
  headers: Record<string, string>;
  message: { id: unknown; method: string; params?: Record<string, unknown> };
}

export interface Learned {
  /** In the order of the calls that were asked for. */
  calls: Wire[];
  list: Wire;
  /** Revision that was negotiated. */
  protocol: string;
  sessionId: string | undefined;
  /** Leaves the session. */
  close: () => Promise<void>;
}

/**
 * Opens a session with the reference client, and learns from it how calls look in the era that was negotiated: which headers and which
 * metadata they carry. The observer then sends such calls itself, since a whole client per call would cost it its punctuality.
 * @throws McpCallError when the endpoint cannot be connected to, Error when it refuses the call.
 */
export async function learn(
  options: Pick<ConnectOptions, 'url' | 'token' | 'protocol'>,
  toolCalls: readonly ToolCall[],
): Promise<Learned> {
  const seen = new Map<string, Wire>();
  const client = await McpClient.connect({
    ...options,
    onRequest: (headers, body) => {
      const message = JSON.parse(body) as Wire['message'];
      seen.set(message.method, { headers, message });
    },
  });
  try {
    await client.listTools();
    const calls: Wire[] = [];
    for (const toolCall of toolCalls) {
      const record = await client.callTool(toolCall);
      if (record.outcome !== 'served')
        throw new Error(`${toolCall.tool} is not served: ${record.outcome}: ${record.error ?? ''}`);
      calls.push(wireOf(seen, 'tools/call'));
    }
    return {
      calls,
      list: wireOf(seen, 'tools/list'),
      protocol: client.protocol ?? '',
      sessionId: client.sessionId,
      close: () => client.close(),
    };
  } catch (thrown) {
    await client.close();
    throw thrown;
  }
}

function wireOf(seen: ReadonlyMap<string, Wire>, method: string): Wire {
  const wire = seen.get(method);
  if (wire === undefined) throw new Error(`The client sent no ${method}`);
  return wire;
}

/** The learned call with other arguments, and with a token for progress, so that the server streams. */
export function withArguments({ headers, message }: Wire, args: Record<string, unknown>): Wire {
  const meta = message.params?._meta as Record<string, unknown> | undefined;
  const params = { ...message.params, arguments: args, _meta: { ...meta, progressToken: 'progress' } };
  return { headers, message: { ...message, params } };
}
