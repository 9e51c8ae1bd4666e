import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { messageOf } from '../errors.ts';
import { now } from '../history/history.ts';
import type { CallRecord } from '../history/records.ts';
import { workerToken } from './tokens.ts';
import type { TokenKind } from './tokens.ts';

/** A call that takes longer counts as `timeout`, in ms: far more than any tool of a trial takes. */
const CALL_LIMIT_MS = 15_000;

/** A result is kept up to this many characters. */
const RESULT_LENGTH = 500;

const health = z.object({ status: z.string(), tool_count: z.coerce.number().int() });
const catalogue = z.array(
  z.object({ name: z.string(), toolkit: z.object({ name: z.string(), version: z.string().nullish() }) }),
);
const invoked = z.object({
  success: z.boolean(),
  output: z.object({ value: z.unknown().optional(), error: z.object({ message: z.string() }).nullish() }).nullish(),
});

export type WorkerTool = z.infer<typeof catalogue>[number];

/** What came back: the record of the call, and the body where it is what the protocol says. */
export interface Answer<T> {
  record: CallRecord;
  /** Undefined when there was no answer, or none of the protocol. */
  body: T | undefined;
}

/** A tool as `Toolkit.Tool`, with what it is given. */
export interface Invocation {
  tool: string;
  arguments: Record<string, unknown>;
  /** Text that the value must contain. */
  expect?: string;
}

/**
 * Calls a worker as the gateway does: HTTP with a token that is signed for each call, on a new connection each time. How a call ended is in
 * its record; nothing here throws but an abort.
 */
export class WorkerClient {
  readonly #url: string;
  readonly #secret: string;
  readonly #onCall: (record: CallRecord) => void;
  readonly #signal: AbortSignal | undefined;
  #calls = 0;

  constructor({
    url,
    secret,
    onCall,
    signal,
  }: {
    /** e.g. `http://10.0.0.7:9500`. */
    url: string;
    secret: string;
    /** Hears of every call once it has ended. */
    onCall: (record: CallRecord) => void;
    signal?: AbortSignal | undefined;
  }) {
    this.#url = url.replace(/\/$/, '');
    this.#secret = secret;
    this.#onCall = onCall;
    this.#signal = signal;
  }

  /** Asks without a token, as probes do. */
  health(): Promise<Answer<z.infer<typeof health>>> {
    return this.#call({ path: '/worker/health', token: 'none', schema: health });
  }

  tools(token: TokenKind = 'valid'): Promise<Answer<WorkerTool[]>> {
    return this.#call({ path: '/worker/tools', token, schema: catalogue });
  }

  /** @param due when the call was due, in ms since the epoch; default: now. */
  invoke(
    { tool, arguments: inputs, expect }: Invocation,
    { token = 'valid', version, due }: { token?: TokenKind; version?: string | undefined; due?: number } = {},
  ): Promise<Answer<z.infer<typeof invoked>>> {
    const [toolkit = '', name = ''] = tool.split('.');
    const body = {
      run_id: randomUUID(),
      execution_id: randomUUID(),
      created_at: new Date().toISOString(),
      tool: { name, toolkit, ...(version === undefined ? {} : { version }) },
      inputs,
      context: { user_id: 'seatrial' },
    };
    const judge = ({ success, output }: z.infer<typeof invoked>): Partial<CallRecord> => {
      const value = textOf(output?.value);
      if (!success) return { outcome: 'tool-error', error: output?.error?.message ?? 'no message' };
      if (expect !== undefined && !value.includes(expect))
        return {
          outcome: 'wrong-payload',
          error: `the value does not contain ${JSON.stringify(expect)}`,
          result: value,
        };
      return { result: value };
    };
    return this.#call({ path: '/worker/tools/invoke', token, schema: invoked, body, tool, judge, due });
  }

  async #call<T>({
    path,
    token,
    schema,
    body,
    tool,
    judge = () => ({}),
    due,
  }: {
    path: string;
    token: TokenKind;
    schema: z.ZodType<T>;
    body?: unknown;
    tool?: string;
    judge?: (answer: T) => Partial<CallRecord>;
    due?: number | undefined;
  }): Promise<Answer<T>> {
    const bearer = await workerToken(token, this.#secret);
    const start = now();
    const seen = await this.#send(path, bearer, body);
    const facts = {
      type: 'call' as const,
      id: String(++this.#calls),
      method: path.slice(1),
      ...(tool === undefined ? {} : { tool }),
      due: due ?? start,
      start,
      end: now(),
    };
    const answer = 'text' in seen && seen.status < 300 ? schema.safeParse(jsonIn(seen.text)).data : undefined;
    const record: CallRecord = { ...facts, ...outcomeOf(seen, answer), ...(answer === undefined ? {} : judge(answer)) };
    this.#onCall(record);
    return { record, body: answer };
  }

  async #send(path: string, bearer: string | undefined, body: unknown): Promise<Seen> {
    const limit = AbortSignal.timeout(CALL_LIMIT_MS);
    try {
      const response = await fetch(this.#url + path, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          // A connection that is kept would stay with one replica.
          connection: 'close',
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: 'manual',
        signal: this.#signal === undefined ? limit : AbortSignal.any([limit, this.#signal]),
      });
      return { status: response.status, text: await response.text() };
    } catch (thrown) {
      this.#signal?.throwIfAborted();
      return { failure: limit.aborted ? 'timeout' : 'network-error', error: causeOf(thrown) };
    }
  }
}

type Seen = { status: number; text: string } | { failure: 'timeout' | 'network-error'; error: string };

function outcomeOf(seen: Seen, answer: unknown): Pick<CallRecord, 'outcome' | 'httpStatus' | 'error'> {
  if ('failure' in seen) return { outcome: seen.failure, error: seen.error };
  const { status: httpStatus } = seen;
  if (httpStatus >= 300) return { outcome: 'http-error', httpStatus, error: `HTTP ${String(httpStatus)}` };
  if (answer === undefined) return { outcome: 'wrong-payload', httpStatus, error: 'no answer of the worker protocol' };
  return { outcome: 'served', httpStatus };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  return text.length <= RESULT_LENGTH ? text : `${text.slice(0, RESULT_LENGTH)}…`;
}

/** `fetch failed` says nothing; its cause does. */
function causeOf(thrown: unknown): string {
  return thrown instanceof Error && thrown.cause !== undefined ? messageOf(thrown.cause) : messageOf(thrown);
}
