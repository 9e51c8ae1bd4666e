import { ProtocolError, SdkError, SdkErrorCode, SdkHttpError, UnauthorizedError } from '@modelcontextprotocol/client';
import type { CallToolResult } from '@modelcontextprotocol/client';
import { messageOf } from '../errors.ts';
import type { CallRecord } from '../history/records.ts';

/** How a call ended, as a history tells it. */
export type Outcome = Pick<CallRecord, 'outcome' | 'error' | 'httpStatus' | 'servedBy' | 'result'>;

/** A result is kept up to this many characters. */
const RESULT_LENGTH = 500;

/**
 * Judges a result by its payload: an error of the tool, or a text other than expected, arrives in a faultless JSON-RPC result inside
 * HTTP 200.
 * @param expected text that the result must contain.
 */
export function outcomeOfResult(result: CallToolResult, expected?: string): Outcome {
  const text = textOf(result);
  const servedBy = servedByIn(text);
  const seen = { result: shorten(text), ...(servedBy === undefined ? {} : { servedBy }) };
  if (result.isError === true) return { outcome: 'tool-error', error: shorten(text), ...seen };
  if (expected !== undefined && !text.includes(expected)) {
    return { outcome: 'wrong-payload', error: `the result does not contain ${JSON.stringify(expected)}`, ...seen };
  }
  return { outcome: 'served', ...seen };
}

/** Messages of the client library for a result that breaks the schema which the tool itself declares. */
const BREAKS_OUTPUT_SCHEMA = /output ?schema/i;

/** Says what kind of failure was thrown. */
export function outcomeOfError(thrown: unknown): Outcome {
  const error = causesOf(thrown);
  if (thrown instanceof ProtocolError) {
    if (BREAKS_OUTPUT_SCHEMA.test(thrown.message)) return { outcome: 'wrong-payload', error };
    return { outcome: 'rpc-error', error: `${String(thrown.code)} ${error}` };
  }
  if (thrown instanceof SdkHttpError) return httpError(thrown.status, error);
  if (thrown instanceof UnauthorizedError) return httpError(401, error);
  if (thrown instanceof SdkError) {
    const outcome = sdkOutcomes[thrown.code] ?? 'network-error';
    // Behind a failed negotiation there is either an answer that was not understood, or no answer.
    return { outcome: outcome === 'rpc-error' && thrown.cause !== undefined ? 'network-error' : outcome, error };
  }
  // What is no JSON, or no JSON-RPC, is refused by the parsers.
  if (thrown instanceof SyntaxError || (thrown instanceof Error && thrown.name === 'ZodError'))
    return { outcome: 'wrong-payload', error };
  return { outcome: 'network-error', error };
}

function httpError(httpStatus: number, error: string): Outcome {
  return { outcome: 'http-error', httpStatus, error: `HTTP ${String(httpStatus)}: ${error}` };
}

const sdkOutcomes: Partial<Record<SdkErrorCode, CallRecord['outcome']>> = {
  [SdkErrorCode.RequestTimeout]: 'timeout',
  [SdkErrorCode.InvalidResult]: 'wrong-payload',
  [SdkErrorCode.UnsupportedResultType]: 'wrong-payload',
  [SdkErrorCode.ClientHttpUnexpectedContent]: 'wrong-payload',
  [SdkErrorCode.EraNegotiationFailed]: 'rpc-error',
};

/** `fetch failed` says nothing; the causes behind it do. */
function causesOf(thrown: unknown): string {
  const messages: string[] = [];
  for (
    let cause = thrown;
    cause !== undefined && messages.length < 4;
    cause = cause instanceof Error ? cause.cause : undefined
  ) {
    messages.push(messageOf(cause));
  }
  return [...new Set(messages.filter((message) => message !== ''))].join(': ');
}

/** The text of a result; of other parts, of which kind they are. */
export function textOf({ content }: CallToolResult): string {
  return content.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join('\n');
}

/** Tools that tell who answered do so as JSON: `{"servedBy": {"pod": …, "version": …}}`. */
function servedByIn(text: string): Record<string, string> | undefined {
  try {
    const { servedBy } = JSON.parse(text) as { servedBy?: unknown };
    if (typeof servedBy !== 'object' || servedBy === null) return undefined;
    return Object.fromEntries(Object.entries(servedBy).map(([key, value]) => [key, String(value)]));
  } catch {
    return undefined;
  }
}

function shorten(text: string): string {
  return text.length <= RESULT_LENGTH ? text : `${text.slice(0, RESULT_LENGTH)}…`;
}
