import { randomUUID } from 'node:crypto';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';
import { read, serve } from '../mcp/peer.ts';
import type { Peer } from '../mcp/peer.ts';

export interface StatefulPeer extends Peer {
  /** As a restart does: no session is known any more. */
  restart: () => void;
}

/** A real MCP server that keeps its sessions in memory, with a tool that answers at length and one that fails. */
export async function startStatefulPeer(): Promise<StatefulPeer> {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const peer = await serve(async (request, response) => {
    const body = JSON.parse(await read(request)) as { id?: number };
    const known = request.headers['mcp-session-id'];
    const transport = known === undefined ? await open(sessions) : sessions.get(String(known));
    if (transport !== undefined) return transport.handleRequest(request, response, body);
    const error = { code: -32600, message: 'Session not found' };
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ jsonrpc: '2.0', id: body.id ?? null, error }));
  });
  return {
    ...peer,
    restart: () => {
      sessions.clear();
    },
  };
}

async function open(sessions: Map<string, StreamableHTTPServerTransport>): Promise<StreamableHTTPServerTransport> {
  const transport = new StreamableHTTPServerTransport({
    enableJsonResponse: true,
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => {
      sessions.set(id, transport);
    },
  });
  const server = new McpServer({ name: 'peer', version: '1.0.0' });
  server.registerTool('repeat', { inputSchema: { text: z.string(), times: z.number() } }, ({ text, times }) => ({
    content: [{ type: 'text', text: text.repeat(times) }],
  }));
  server.registerTool('fail', { inputSchema: {} }, () => ({ isError: true, content: [{ type: 'text', text: 'no' }] }));
  await server.connect(transport);
  return transport;
}
