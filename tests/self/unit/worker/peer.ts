import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jwtVerify } from 'jose';

/** What a worker may do wrong. The peer does all else as arcade-mcp-server 1.32.1 was seen to do it. */
export interface Defects {
  /** Tools that are counted but not there. */
  miscounts?: number;
  tools?: unknown;
  value?: unknown;
  /** Lets everybody in. */
  open?: 'list' | 'invoke';
  /** Takes what has run out for good. */
  forgivesAge?: true;
  /** Reports an error as a success. */
  hidesErrors?: 'unknown' | 'failing';
  /** Answers with this instead of JSON. */
  garbage?: string;
  /** Sends callers elsewhere. */
  redirects?: true;
}

interface Invocation {
  tool: { name: string; toolkit: string; version?: string };
  inputs: Record<string, string>;
}

const catalogue = ['Echo', 'Fail'].map((name) => ({ name, toolkit: { name: 'Tools', version: '1.0.0' } }));

/** A worker on this machine, with its defects, for as long as `use` takes. */
export async function withWorker<T>(
  { secret, ...defects }: Defects & { secret: string },
  use: (url: string, seen: Invocation[]) => Promise<T>,
): Promise<T> {
  const seen: Invocation[] = [];
  const server = createServer((request, response) => {
    void answer(request, response, { secret, defects, seen });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, seen);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { secret, defects, seen }: { secret: string; defects: Defects; seen: Invocation[] },
): Promise<void> {
  const send = (status: number, body: unknown) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  if (defects.redirects === true) {
    response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end();
    return;
  }
  if (defects.garbage !== undefined) {
    response.writeHead(200).end(defects.garbage);
    return;
  }
  if (request.url === '/worker/health') {
    send(200, { status: 'ok', tool_count: String(catalogue.length + (defects.miscounts ?? 0)) });
    return;
  }
  const isList = request.url === '/worker/tools';
  const isOpen = defects.open === (isList ? 'list' : 'invoke');
  if (!isOpen && !(await isKnown(request, secret, defects))) {
    send(401, { detail: 'Invalid token' });
    return;
  }
  if (isList) {
    send(200, defects.tools ?? catalogue);
    return;
  }
  const call = JSON.parse(await textOf(request)) as Invocation;
  seen.push(call);
  invoke(call, defects, send);
}

function invoke({ tool, inputs }: Invocation, defects: Defects, send: (status: number, body: unknown) => void): void {
  const succeed = (value: unknown) => {
    send(200, { success: true, output: { value } });
  };
  if (tool.name === 'Echo') succeed(defects.value ?? `echo: ${inputs.text ?? ''}`);
  else if (tool.name === 'Fail' && defects.hidesErrors !== 'failing')
    send(200, { success: false, output: { error: { message: inputs.message ?? '' } } });
  else if (defects.hidesErrors !== undefined) succeed('fine');
  else send(500, { detail: 'Internal Server Error' });
}

async function isKnown(request: IncomingMessage, secret: string, { forgivesAge }: Defects): Promise<boolean> {
  const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
  try {
    const { payload } = await jwtVerify(token, new TextEncoder().encode(secret), {
      algorithms: ['HS256'],
      audience: 'worker',
      ...(forgivesAge === true ? { clockTolerance: '1d' } : {}),
    });
    return payload.ver === '1';
  } catch {
    return false;
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
