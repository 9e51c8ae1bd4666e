import { createHash } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { messageOf } from '../errors.ts';
import { outcomeOfResult } from '../mcp/outcome.ts';
import type { Outcome } from '../mcp/outcome.ts';
import type { Wire } from './wire.ts';

/** How a call ended, as far as the one who sent it can tell. */
export interface Ended extends Outcome {
  reused?: true;
  toolset?: string;
  /** Names of the tools, where they were asked for. */
  tools?: string[];
}

/** A call that can be sent many times: everything that does not change is made once. */
export interface Prepared {
  url: URL;
  headers: Record<string, string>;
  body: (id: number) => string;
  /** Text that a served result contains; undefined for `tools/list`. */
  expect: string | undefined;
  limitMs: number;
  servedByHeader: string | undefined;
}

const ID = '"@seatrial-id@"';

export function prepare(
  { headers, message }: Wire,
  {
    url,
    expect,
    limitMs,
    servedByHeader,
  }: { url: string; expect?: string | undefined; limitMs: number; servedByHeader?: string | undefined },
): Prepared {
  const [before = '', after = ''] = JSON.stringify({ ...message, id: JSON.parse(ID) as string }).split(ID);
  const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'content-length'));
  return {
    url: new URL(url),
    headers: kept,
    body: (id) => `${before}${String(id)}${after}`,
    expect,
    limitMs,
    servedByHeader,
  };
}

/** Sends the call once. Never rejects: whatever happens is a way in which a call can end. */
export function send(call: Prepared, id: number, agent: http.Agent): Promise<Ended> {
  return new Promise((resolve) => {
    const { request: open } = call.url.protocol === 'https:' ? https : http;
    const body = call.body(id);
    const request = open(call.url, {
      method: 'POST',
      agent,
      headers: { ...call.headers, 'content-length': Buffer.byteLength(body) },
    });
    const reused = () => (request.reusedSocket ? { reused: true as const } : {});
    const finish = (ended: Ended) => {
      clearTimeout(limit);
      resolve({ ...ended, ...reused() });
    };
    const limit = setTimeout(() => {
      finish({ outcome: 'timeout', error: `no answer within ${String(call.limitMs)} ms` });
      request.destroy();
    }, call.limitMs);
    request.on('error', (error: NodeJS.ErrnoException) => {
      finish({ outcome: 'network-error', error: error.code ?? error.message });
    });
    request.on('response', (response) => {
      read(response, call, id, finish);
    });
    request.end(body);
  });
}

/** The answer is one JSON document, or a stream of events of which one is the answer: that one ends the call. */
function read(response: http.IncomingMessage, call: Prepared, id: number, finish: (ended: Ended) => void): void {
  const httpStatus = response.statusCode ?? 0;
  const streamed = response.headers['content-type']?.startsWith('text/event-stream') === true;
  let text = '';
  let scanned = 0;
  const conclude = (ended: Ended) => {
    finish({ httpStatus, ...ended, ...servedBy(response, call, ended) });
  };
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    text += chunk;
    if (!streamed) return;
    for (let end = text.indexOf('\n', scanned); end !== -1; end = text.indexOf('\n', scanned)) {
      const line = text.slice(scanned, end);
      scanned = end + 1;
      const message = line.startsWith('data:') ? parse(line.slice(5)) : undefined;
      if (message?.id === id) conclude(judge(message, call));
    }
  });
  // Reported once per call: whatever comes after the answer changes nothing.
  response.on('end', () => {
    if (streamed) conclude({ outcome: 'network-error', error: 'the stream ended without an answer' });
    else conclude(judgeDocument(text, httpStatus, call));
  });
  response.on('error', (error: NodeJS.ErrnoException) => {
    conclude({ outcome: 'network-error', error: `while answering: ${error.code ?? error.message}` });
  });
}

interface Message {
  id?: unknown;
  error?: { code: number; message: string };
  result?: Record<string, unknown>;
}

function judgeDocument(text: string, httpStatus: number, call: Prepared): Ended {
  const message = parse(text);
  if (httpStatus >= 400) {
    const why = message?.error?.message ?? text.slice(0, 200);
    return { outcome: 'http-error', error: `HTTP ${String(httpStatus)}: ${why}` };
  }
  if (message === undefined) return { outcome: 'wrong-payload', error: `no JSON-RPC: ${text.slice(0, 200)}` };
  return judge(message, call);
}

function judge(message: Message, call: Prepared): Ended {
  try {
    return judgeMessage(message, call);
  } catch (thrown) {
    return { outcome: 'wrong-payload', error: messageOf(thrown) };
  }
}

function judgeMessage({ error, result }: Message, { expect }: Prepared): Ended {
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

function servedBy(
  response: http.IncomingMessage,
  { servedByHeader }: Prepared,
  ended: Ended,
): Pick<Ended, 'servedBy'> | undefined {
  const gateway = servedByHeader === undefined ? undefined : response.headers[servedByHeader];
  return typeof gateway === 'string' ? { servedBy: { ...ended.servedBy, gateway } } : undefined;
}

function parse(text: string): Message | undefined {
  try {
    return JSON.parse(text) as Message;
  } catch {
    return undefined;
  }
}
