import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';

/** A running server; `close` ends it and every connection to it. */
export interface Peer {
  url: string;
  /** Bearer tokens that came with requests, in their order. */
  tokens: string[];
  close(): Promise<void>;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/**
 * A real MCP server (stateless, by the SDK) with an honest tool and one that fails; requests for `/mcp?misbehave=KIND` get an answer to
 * `tools/call` that a server should never give.
 */
export function startPeer(): Promise<Peer> {
  return serve(async (request, response) => {
    const body = JSON.parse(await read(request)) as { id?: number; method?: string };
    const kind = new URL(request.url ?? '', 'http://peer').searchParams.get('misbehave');
    const misbehaviour = body.method === 'tools/call' && kind !== null ? misbehaviours[kind] : undefined;
    if (misbehaviour !== undefined) {
      misbehaviour(response, body.id ?? 0);
      return;
    }
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
    await toolServer().connect(transport);
    await transport.handleRequest(request, response, body);
  });
}

function toolServer(): McpServer {
  const server = new McpServer({ name: 'peer', version: '1.0.0' });
  server.registerTool('echo', { inputSchema: { text: z.string() } }, ({ text }) => ({
    content: [{ type: 'text', text: JSON.stringify({ text, servedBy: { pod: 'peer-1' } }) }],
  }));
  server.registerTool('fail', { inputSchema: {} }, () => ({
    isError: true,
    content: [{ type: 'text', text: 'no luck' }],
  }));
  return server;
}

const misbehaviours: Record<string, (response: ServerResponse, id: number) => void> = {
  'rpc-error': (response, id) => {
    json(response, 200, { jsonrpc: '2.0', id, error: { code: -32603, message: 'the backend is gone' } });
  },
  unavailable: (response) => {
    json(response, 503, { message: 'no healthy upstream' });
  },
  html: (response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>');
  },
  'no-json': (response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"jsonrpc": "2.0", ');
  },
  'no-result': (response, id) => {
    json(response, 200, { jsonrpc: '2.0', id, result: { content: 'not a list' } });
  },
  hang: () => undefined,
  'cut-off': (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 }).write('{');
    response.destroy();
  },
};

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Listens on the loopback; only POST gets to the handler. */
export async function serve(handler: Handler): Promise<Peer> {
  const tokens: string[] = [];
  const server = createServer((request, response) => {
    const token = /^Bearer (.*)$/.exec(request.headers.authorization ?? '')?.[1];
    if (token !== undefined) tokens.push(token);
    if (request.method === 'POST') void handler(request, response);
    else response.writeHead(405).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}/mcp`,
    tokens,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** The body of a request. */
export async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
