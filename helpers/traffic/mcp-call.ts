import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { messageOf } from '../errors.ts';
import { outcomeOfResult } from '../mcp/outcome.ts';
import type { Answer, Ended, Prepared } from './send.ts';
import type { Wire } from './wire.ts';

interface ToolCallOptions {
  url: string;
  /** Text that a served result contains; undefined for `tools/list`. */
  expect?: string | undefined;
  limitMs: number;
  /** Response header that names the replica of the gateway. */
  servedByHeader?: string | undefined;
}

const ID = '"@seatrial-id@"';

/** A learned call of MCP, ready to be sent many times. */
export function prepareToolCall({ headers, message }: Wire, options: ToolCallOptions): Prepared {
  const [before = '', after = ''] = JSON.stringify({ ...message, id: JSON.parse(ID) as string }).split(ID);
  const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'content-length'));
  return {
    url: new URL(options.url),
    headers: kept,
    body: (id) => `${before}${String(id)}${after}`,
    limitMs: options.limitMs,
    judge: (answer) => withGateway(judgeDocument(answer, options), answer.headers, options),
    judgeEvent: (data, id, answered) => {
      const event = parse(data);
      return event?.id === id ? withGateway(judge(event, options), answered, options) : undefined;
    },
  };
}

interface Message {
  id?: unknown;
  error?: { code: number; message: string };
  result?: Record<string, unknown>;
}

function judgeDocument({ text, httpStatus }: Answer, options: ToolCallOptions): Ended {
  const message = parse(text);
  if (httpStatus >= 400) {
    const why = message?.error?.message ?? text.slice(0, 200);
    return { outcome: 'http-error', error: `HTTP ${String(httpStatus)}: ${why}` };
  }
  if (message === undefined) return { outcome: 'wrong-payload', error: `no JSON-RPC: ${text.slice(0, 200)}` };
  return judge(message, options);
}

function judge(message: Message, options: ToolCallOptions): Ended {
  try {
    return judgeMessage(message, options);
  } catch (thrown) {
    return { outcome: 'wrong-payload', error: messageOf(thrown) };
  }
}

function judgeMessage({ error, result }: Message, { expect }: ToolCallOptions): Ended {
  if (error !== undefined) return { outcome: 'rpc-error', error: `${String(error.code)} ${error.message}` };
  if (result === undefined) return { outcome: 'wrong-payload', error: 'neither result nor error' };
  if (expect === undefined) return judgeList(result);
  const { result: text, ...outcome } = outcomeOfResult(result as Parameters<typeof outcomeOfResult>[0], expect);
  // What a served call said is known beforehand.
  return outcome.outcome === 'served' || text === undefined ? outcome : { ...outcome, result: text };
}

function judgeList({ tools }: Record<string, unknown>): Ended {
  if (!Array.isArray(tools)) return { outcome: 'wrong-payload', error: 'a list of tools without tools' };
  const names = tools.map((tool: { name?: string }) => tool.name ?? '').sort();
  return { outcome: 'served', toolset: fingerprintOf(names), tools: names };
}

/** Eight characters that tell one set of tools from another. */
export function fingerprintOf(names: readonly string[]): string {
  return createHash('sha256').update(names.join('\n')).digest('hex').slice(0, 8);
}

function withGateway(ended: Ended, headers: IncomingHttpHeaders, { servedByHeader }: ToolCallOptions): Ended {
  const gateway = servedByHeader === undefined ? undefined : headers[servedByHeader];
  return typeof gateway === 'string' ? { ...ended, servedBy: { ...ended.servedBy, gateway } } : ended;
}

function parse(text: string): Message | undefined {
  try {
    return JSON.parse(text) as Message;
  } catch {
    return undefined;
  }
}
