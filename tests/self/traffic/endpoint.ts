import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { monotonicMs } from '../../../helpers/traffic/clock.ts';

/**
 * An MCP endpoint (revision 2025-11-25) on loopback that misbehaves when it is told to, and tells exactly when it did: the truth that the
 * instrument is measured against. A process of its own, so that neither disturbs the other.
 */
export type Fault =
  /** The connection is reset before there is an answer. */
  | 'outage'
  /** The same within the answer. */
  | 'reset'
  /** A stream that ends without the answer. */
  | 'truncated'
  /** HTTP 200 with an error of the tool inside. */
  | 'tool-error'
  /** HTTP 200 with another text than the tool's. */
  | 'wrong-payload'
  /** Answered when it is over. */
  | 'stall';
export type EndpointCommand = { type: 'fault'; fault: Fault; durationMs: number } | { type: 'forget-sessions' };
export type EndpointMessage =
  | { type: 'listening'; url: string }
  /** Moments of the machine's monotonic clock, in ms. */
  | { type: 'fault-over'; start: number; end: number };

let until = 0;
let fault: Fault | undefined;
let sessions = new Set<string>();
let opened = 0;

const server = http.createServer((request, response) => {
  if (request.method !== 'POST') {
    response.writeHead(request.method === 'DELETE' || request.url === '/control' ? 200 : 405).end();
    return;
  }
  let body = '';
  request.on('data', (chunk: Buffer) => {
    body += chunk.toString();
  });
  request.on('end', () => {
    // A request that was cut off on the way says nothing.
    if (!request.complete) return;
    misbehave[fault ?? 'none'](request, response, body);
  });
});

type Answer = (request: http.IncomingMessage, response: http.ServerResponse, body: string) => void;

const misbehave: Record<Fault | 'none', Answer> = {
  outage: (request) => request.socket.resetAndDestroy(),
  reset: (request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
    response.write('{"jsonrpc":"2.0",', () => request.socket.resetAndDestroy());
  },
  truncated: (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end('event: message\n');
  },
  stall: (...call) => setTimeout(answer, Math.max(0, until - monotonicMs()), ...call),
  // What the tool itself says is another matter.
  'tool-error': answer,
  'wrong-payload': answer,
  none: answer,
};

interface Message {
  id?: number | string;
  method: string;
  params?: { name?: string; arguments?: Record<string, unknown> };
}

function answer(request: http.IncomingMessage, response: http.ServerResponse, body: string): void {
  const { id, method, params } = JSON.parse(body) as Message;
  const say = (message: object, status = 200, headers: Record<string, string> = {}) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ jsonrpc: '2.0', id, ...message }));
  };
  if (method === 'initialize') {
    const session = `session-${String(++opened)}`;
    sessions.add(session);
    const result = {
      protocolVersion: '2025-11-25',
      capabilities: { tools: {} },
      serverInfo: { name: 'endpoint', version: '1' },
    };
    say({ result }, 200, { 'mcp-session-id': session });
    return;
  }
  if (!sessions.has(String(request.headers['mcp-session-id']))) {
    say({ error: { code: -32_600, message: 'Session not found' } }, 404);
    return;
  }
  if (id === undefined) response.writeHead(202).end();
  else if (method === 'tools/list') say({ result: { tools: [{ name: 'echo', inputSchema: { type: 'object' } }] } });
  else if (method === 'tools/call') call(say, params);
  else say({ error: { code: -32_601, message: 'Method not found' } });
}

function call(say: (message: object) => void, params: Message['params']): void {
  const text = fault === 'tool-error' ? 'upstream is gone' : fault === 'wrong-payload' ? 'something else' : 'well';
  const result = { content: [{ type: 'text', text }], ...(fault === 'tool-error' ? { isError: true } : {}) };
  setTimeout(say, Number(params?.arguments?.seconds ?? 0) * 1000, { result });
}

process.on('message', (command: EndpointCommand) => {
  if (command.type === 'forget-sessions') sessions = new Set();
  else {
    const start = monotonicMs();
    until = start + command.durationMs;
    fault = command.fault;
    // Timers are rounded to whole milliseconds: the last one is spent looking at the clock.
    const end = () => {
      if (monotonicMs() < until) {
        setImmediate(end);
        return;
      }
      fault = undefined;
      process.send?.({ type: 'fault-over', start, end: monotonicMs() } satisfies EndpointMessage);
    };
    setTimeout(end, Math.max(0, command.durationMs - 2));
  }
});
process.on('disconnect', () => process.exit());

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ type: 'listening', url: `http://127.0.0.1:${String(port)}/mcp` } satisfies EndpointMessage);
});
