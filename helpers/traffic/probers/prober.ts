/**
 * What a prober pod runs: an observer that is told what to do over HTTP, and hands over its history. Whoever knows the token may use it.
 *
 * - `GET /clock`: `{received, answered}`, moments of this machine's clock in ms since the epoch
 * - `POST /start` with a plan, `POST /launch`, `POST /stop`: 204 when that has been done, 500 with the reason when it cannot be
 * - `GET /history`: the history of the traffic (JSON Lines)
 */
import { createReadStream, mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { messageOf } from '../../errors.ts';
import { now } from '../../history/history.ts';
import { clockOffsetMs } from '../clock.ts';
import type { TrafficPlan } from '../plan.ts';
import { startTraffic } from '../traffic.ts';
import type { Traffic } from '../traffic.ts';

const { PROBER_TOKEN: token = '', PROBER_PORT: port = '8080' } = process.env;
const file = join(mkdtempSync(join(tmpdir(), 'prober-')), 'traffic.jsonl');
let traffic: Traffic | undefined;

type Handler = (request: IncomingMessage, response: ServerResponse, received: number) => void | Promise<void>;

const handlers: Record<string, Handler> = {
  'GET /ready': (_, response) => void response.writeHead(204).end(),
  'GET /clock': (_, response, received) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ received, answered: now() }));
  },
  'POST /start': async (request, response) => {
    // Moments are told by this machine's clock; whoever asked brings them onto its own.
    const plan = { ...((await json(request)) as TrafficPlan), file, clockOffsetMs: clockOffsetMs() };
    traffic = await startTraffic(plan);
    response.writeHead(204).end();
  },
  'POST /launch': async (_, response) => {
    await traffic?.launchLongCalls();
    response.writeHead(204).end();
  },
  'POST /stop': async (_, response) => {
    const running = traffic;
    traffic = undefined;
    await running?.stop();
    response.writeHead(204).end();
  },
  'GET /history': async (_, response) => {
    response.writeHead(200, { 'content-type': 'application/jsonl' });
    await pipeline(createReadStream(file), response);
  },
};

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const received = now();
  const name = `${request.method ?? ''} ${request.url ?? ''}`;
  const handler = handlers[name];
  if (handler === undefined) response.writeHead(404).end();
  // Whether somebody is there is for the kubelet to ask, who has no token.
  else if (name !== 'GET /ready' && request.headers.authorization !== `Bearer ${token}`) response.writeHead(401).end();
  else await handler(request, response, received);
}

const server = createServer((request, response) => {
  handle(request, response).catch((thrown: unknown) => {
    if (response.headersSent) response.destroy();
    else response.writeHead(500).end(messageOf(thrown));
  });
});
if (token === '') throw new Error('PROBER_TOKEN is missing: anybody could make this pod send traffic');
server.listen(Number(port), () => {
  process.stdout.write(`prober: listening on ${port}\n`);
});
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.on(signal, () => {
    traffic?.kill();
    process.exit(0);
  });
