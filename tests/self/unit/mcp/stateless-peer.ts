import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { IncomingMessage } from 'node:http';
import { McpServer, createMcpHandler } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { read, serve } from './peer.ts';
import type { Peer } from './peer.ts';

/** A real MCP server that speaks the stateless revision 2026-07-28 and refuses the ones before it. */
export function startStatelessPeer(): Promise<Peer> {
  const mcp = createMcpHandler(toolServer, { legacy: 'reject' });
  return serve(async (request, response) => {
    const answer = await mcp.fetch(await webRequest(request));
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    await pipeline(Readable.from(answer.body ?? []), response);
  });
}

function toolServer(): McpServer {
  const server = new McpServer({ name: 'stateless-peer', version: '1.0.0' });
  server.registerTool('echo', { inputSchema: z.object({ text: z.string() }) }, ({ text }) => ({
    content: [{ type: 'text', text: JSON.stringify({ text, servedBy: { pod: 'stateless-1' } }) }],
  }));
  server.registerTool('fail', {}, () => ({ isError: true, content: [{ type: 'text', text: 'no luck' }] }));
  return server;
}

async function webRequest(request: IncomingMessage): Promise<Request> {
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(request.headersDistinct)) headers.set(name, values.join(', '));
  return new Request(`http://peer${request.url ?? ''}`, { method: 'POST', headers, body: await read(request) });
}
