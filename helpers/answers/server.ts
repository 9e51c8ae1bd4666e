import { createHash, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import { OPENMETRICS } from '../verdict/views/openmetrics.ts';
import { answer } from './answer.ts';
import type { Answer, Unanswerable } from './answer.ts';
import { parseQuestion, questionFields } from './question.ts';
import { Runs } from './runs.ts';

interface ServerOptions {
  /** `reports/runs`. */
  runsFolder: string;
  /** Whoever asks has to know it; nobody has to, where there is none. */
  token?: string | undefined;
  /** Told of every answer, a line each. */
  log?: (line: string) => void;
  now?: () => number;
}

/** Far more than Flagger sends, in bytes. */
const LARGEST_BODY = 64 * 1024;

/** Of the statuses that Flagger takes for a no (all above 202) the one that says: a condition is not met. */
const NOT_MET = 412;

/** What Flagger posts (docs.flagger.app, Webhooks). `type` is sent by newer versions only. */
const flaggerPayload = z.looseObject({
  name: z.string(),
  namespace: z.string(),
  type: z.string().optional(),
  metadata: z.record(z.string(), z.string()).default({}),
});

interface Reply {
  status: number;
  body: unknown;
  type?: string;
}

/**
 * Answers machines that roll out, over HTTP, from the verdicts of stored runs; it reads, and never writes or runs anything.
 * `GET /v1/analysis` is for the web metric of Argo Rollouts: always 200 with the verdict in the body, so that its conditions can tell a
 * failure from something inconclusive. `POST /v1/flagger` is for a webhook of Flagger: 200 for a pass, 412 for anything else.
 */
export function answerServer(options: ServerOptions): Server {
  const runs = new Runs(options.runsFolder);
  const server = createServer((request, response) => {
    reply(request, runs, options)
      .catch((): Reply => ({ status: 500, body: { problem: 'the answer itself failed' } }))
      .then((given) => {
        send(response, given);
        options.log?.(`${request.method ?? ''} ${JSON.stringify(request.url ?? '')} ${String(given.status)}`);
      })
      .catch(() => response.destroy());
  });
  // Nobody who asks needs longer, in ms.
  server.requestTimeout = 10_000;
  server.headersTimeout = 5_000;
  return server;
}

async function reply(request: IncomingMessage, runs: Runs, options: ServerOptions): Promise<Reply> {
  const url = URL.parse(request.url ?? '/', 'http://seatrial.invalid');
  if (url === null) return { status: 400, body: { problem: 'this is no address' } };
  const query = Object.fromEntries(url.searchParams);
  const route = `${request.method === 'HEAD' ? 'GET' : (request.method ?? '')} ${url.pathname}`;
  if (route === 'GET /healthz') return { status: 200, body: { ok: true } };
  if (route === 'POST /v1/flagger') return forFlagger(request, query, runs, options);
  if (!knows(options.token, bearerOf(request)))
    return { status: 401, body: { problem: 'the token is missing or wrong' } };
  if (route === 'GET /v1/analysis') {
    const given = ask(query, runs, options);
    return 'problem' in given ? { status: 400, body: given } : { status: 200, body: given };
  }
  if (route === 'GET /metrics') return metricsOf(runs);
  return { status: 404, body: { problem: 'ask GET /v1/analysis, POST /v1/flagger, GET /metrics or GET /healthz' } };
}

function ask(
  fields: Readonly<Record<string, string>>,
  runs: Runs,
  { now = Date.now }: ServerOptions,
): Answer | Unanswerable {
  const question = parseQuestion(fields);
  if ('problem' in question) return question;
  const known = question.run === undefined ? undefined : runs.byId(question.run);
  if (question.run !== undefined && known === undefined) return { problem: `there is no run ${question.run}` };
  return answer(question, known === undefined ? runs.newestFirst() : [known], now());
}

/** Flagger sends no headers of one's own: its token comes with the metadata. */
async function forFlagger(
  request: IncomingMessage,
  query: Readonly<Record<string, string>>,
  runs: Runs,
  options: ServerOptions,
): Promise<Reply> {
  const text = await bodyOf(request);
  const payload = text === undefined ? undefined : parsed(text);
  if (payload === undefined) return { status: 400, body: { problem: 'this is not what Flagger posts' } };
  const { metadata, type } = payload;
  if (!knows(options.token, bearerOf(request) ?? metadata.token))
    return { status: 401, body: { problem: 'the token is missing or wrong' } };
  if (type === 'rollback' || type === 'event')
    return {
      status: 400,
      body: {
        problem: `a webhook of type ${type} does not ask for a verdict: Flagger rolls back when a rollback hook succeeds`,
      },
    };
  const own = Object.entries(metadata).filter(([name]) => questionFields.includes(name));
  const given = ask({ ...query, ...Object.fromEntries(own) }, runs, options);
  if ('problem' in given) return { status: 400, body: given };
  return { status: given.passed ? 200 : NOT_MET, body: given };
}

function parsed(text: string): z.infer<typeof flaggerPayload> | undefined {
  try {
    return flaggerPayload.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Undefined when it is too long. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > LARGEST_BODY) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString();
}

/** Of the newest run that has some. */
function metricsOf(runs: Runs): Reply {
  for (const { folder } of runs.newestFirst()) {
    const file = join(folder, 'metrics.txt');
    if (existsSync(file)) return { status: 200, body: readFileSync(file, 'utf8'), type: OPENMETRICS };
  }
  return { status: 404, body: { problem: 'no run has left metrics' } };
}

function bearerOf({ headers }: IncomingMessage): string | undefined {
  return /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
}

/** Takes the same time whatever is wrong with it. */
function knows(token: string | undefined, given: string | undefined): boolean {
  if (token === undefined) return true;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(token), digest(given ?? ''));
}

function send(response: ServerResponse, { status, body, type }: Reply): void {
  const text = typeof body === 'string' ? body : `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    'content-type': type ?? 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(status === 400 ? { connection: 'close' } : {}),
  });
  response.end(text);
}
