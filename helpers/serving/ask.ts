import type { Outcome } from '../mcp/outcome.ts';
import { outcomeOfAnswer, outcomeOfFailure, outcomeOfPredictions } from './predictions.ts';
import type { AskedPrediction } from './requests.ts';
import { TensorflowCalls } from './tensorflow/calls.ts';
import { predict } from './tensorflow/predict.ts';

/** Of HTTP, where an address says nothing else; users of gRPC enter by it as well. */
const DEFAULT_PORT = '80';

export interface AskOptions {
  deadlineMs: number;
  /** Whether to open a connection for this call: who is asked then is who serves now, not who was met before. */
  fresh?: boolean;
  /** Ends the asking early. */
  signal?: AbortSignal;
}

/** Asks for one prediction in the protocol of its target. Never rejects: whatever happens is a way in which it can end. */
export function ask(asked: AskedPrediction, url: string, options: AskOptions): Promise<Outcome> {
  const asking = asked.protocol === 'tensorflow-grpc' ? askByGrpc(asked, url, options) : askByHttp(asked, url, options);
  return asking.catch(outcomeOfFailure);
}

async function askByHttp(
  asked: AskedPrediction,
  url: string,
  { deadlineMs, fresh = false, signal }: AskOptions,
): Promise<Outcome> {
  const limit = AbortSignal.timeout(deadlineMs);
  const response = await fetch(new URL(asked.path, url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(fresh ? { connection: 'close' } : {}) },
    body: JSON.stringify(asked.body),
    signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
  });
  const { status: httpStatus, headers } = response;
  return outcomeOfAnswer(asked, { httpStatus, text: await response.text(), headers });
}

async function askByGrpc(asked: AskedPrediction, url: string, { deadlineMs, fresh = false }: AskOptions) {
  const calls = new TensorflowCalls(addressOf(url), { own: fresh });
  try {
    return await askOver(calls, asked, deadlineMs);
  } finally {
    calls.close();
  }
}

/** Asks for one prediction over a connection of gRPC. Never rejects. */
export function askOver(calls: TensorflowCalls, asked: AskedPrediction, deadlineMs: number): Promise<Outcome> {
  const { expected, outputs } = asked;
  return predict(calls, asked.body as object, { count: expected.length, outputs, deadlineMs }).then(
    (predictions) => outcomeOfPredictions(asked, predictions),
    outcomeOfFailure,
  );
}

/** `host:port` of a URL, with the port in any case. */
export function addressOf(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port || DEFAULT_PORT}`;
}
