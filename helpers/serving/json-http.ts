import { z } from 'zod';
import { messageOf } from '../errors.ts';
import { EncodingError, ServingError } from './errors.ts';
import type { ServingFailure } from './errors.ts';

/** An answer in JSON, whatever its status. */
export interface JsonAnswer {
  status: number;
  /** Undefined when there is no body. */
  body: unknown;
  headers: Headers;
}

/** An error is quoted up to this many characters. */
const QUOTED = 300;

/** Asks for JSON; with a body it is posted. @throws ServingError when there is no answer in time, or one that is no JSON. */
export function askJson(url: string, deadlineMs: number, body?: unknown): Promise<JsonAnswer> {
  return askJsonText(url, deadlineMs, body === undefined ? undefined : encode(body));
}

/** As `askJson`, with a body that is sent as it stands: what no client would write shall be answered with a reason too. */
export async function askJsonText(url: string, deadlineMs: number, text?: string): Promise<JsonAnswer> {
  const posted = text === undefined ? {} : { method: 'POST', body: text };
  try {
    const response = await fetch(url, {
      ...posted,
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      signal: AbortSignal.timeout(deadlineMs),
    });
    const answered = await response.text();
    return { status: response.status, body: parse(answered, response), headers: response.headers };
  } catch (thrown) {
    if (thrown instanceof ServingError) throw thrown;
    if (thrown instanceof DOMException && thrown.name === 'TimeoutError') {
      throw new ServingError('deadline', `${url} did not answer within ${String(deadlineMs)} ms`, { cause: thrown });
    }
    throw new ServingError('unreachable', `${url}: ${reason(thrown)}`, { cause: thrown });
  }
}

/** JSON has no NaN and no infinity, and would have `null` instead. */
function encode(body: unknown): string {
  return JSON.stringify(body, (key, value: unknown) => {
    if (typeof value !== 'number' || Number.isFinite(value)) return value;
    throw new EncodingError(`JSON has no ${String(value)}, which "${key}" holds`);
  });
}

function parse(text: string, { status }: Response): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (thrown) {
    // A proxy's own error page is no answer of the model.
    if (status >= 400) return text;
    throw new ServingError('malformed', `the answer is no JSON: ${text.slice(0, QUOTED)}`, { status, cause: thrown });
  }
}

/** What was behind "fetch failed". */
function reason(thrown: unknown): string {
  return messageOf(thrown instanceof Error && thrown.cause !== undefined ? thrown.cause : thrown);
}

/** The kind of failure that a status stands for, where the protocol says nothing else. */
export function failureOf(status: number): ServingFailure {
  if (status === 404) return 'unknown-model';
  if (status === 503) return 'not-ready';
  return status >= 500 ? 'failed' : 'refused';
}

/** An answer that is no prediction. */
export function httpError(
  { status, body }: JsonAnswer,
  { failure = failureOf(status), version }: { failure?: ServingFailure; version?: string | undefined } = {},
): ServingError {
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? null);
  return new ServingError(failure, `HTTP ${String(status)}: ${text.slice(0, QUOTED)}`, { status, version });
}

/** The body as the schema says. @throws ServingError when it says something else. */
export function bodyAs<T>(schema: z.ZodType<T>, { status, body }: JsonAnswer, version?: string): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new ServingError('malformed', `the answer is not as the protocol has it: ${z.prettifyError(parsed.error)}`, {
    status,
    version,
  });
}
