import { messageOf } from '../errors.ts';
import type { Outcome } from '../mcp/outcome.ts';
import { differences } from './compare.ts';
import { ServingError } from './errors.ts';
import type { ServingFailure } from './errors.ts';
import { predictionsIn, versionIn } from './json-predictions.ts';
import type { JsonAnswer } from './json-http.ts';
import { inferenceIn } from './kserve.ts';
import type { AskedPrediction } from './requests.ts';
import type { Predictions } from './types.ts';

/** An answer is quoted up to this many characters. */
const QUOTED = 200;

/**
 * Judges an answer by its payload: a wrong prediction arrives inside HTTP 200 too. The version that the model says it is of is the
 * fingerprint of who served; an error may tell it as well.
 * @param headers of the answer; some servers tell their version there.
 */
export function outcomeOfAnswer(
  asked: AskedPrediction,
  { httpStatus, text, headers = new Headers() }: { httpStatus: number; text: string; headers?: Headers },
): Outcome {
  const answer: JsonAnswer = { status: httpStatus, body: parse(text), headers };
  const version = versionIn(answer);
  const seen = { httpStatus, ...(version === undefined ? {} : { servedBy: { version } }) };
  if (httpStatus >= 400) {
    return { outcome: 'http-error', error: `HTTP ${String(httpStatus)}: ${text.slice(0, QUOTED)}`, ...seen };
  }
  if (version === undefined) {
    return {
      outcome: 'wrong-payload',
      error: `no version of a model in the answer: ${text.slice(0, QUOTED)}`,
      ...seen,
    };
  }
  try {
    return { ...outcomeOfPredictions(asked, readAs(asked, answer)), ...seen };
  } catch (thrown) {
    return { outcome: 'wrong-payload', error: messageOf(thrown), ...seen };
  }
}

function readAs({ protocol, batch, expected, outputs }: AskedPrediction, answer: JsonAnswer): Predictions {
  return protocol === 'kserve-v2' ? inferenceIn(answer, expected.length, outputs) : predictionsIn(answer, batch);
}

/** Judges predictions by what they say, whatever way they came. */
export function outcomeOfPredictions(
  { expected: all }: AskedPrediction,
  { predictions, version }: Predictions,
): Outcome {
  const seen = version === undefined ? {} : { servedBy: { version } };
  const wrong = (error: string): Outcome => ({ outcome: 'wrong-payload', error, ...seen });
  if (version === undefined) return wrong('no version of a model in the answer');
  if (predictions.length !== all.length)
    return wrong(`${String(predictions.length)} predictions for ${String(all.length)} instances`);
  const errors = all.flatMap(({ name, expected, tolerance }, index) =>
    differences(expected, predictions[index] ?? {}, tolerance).map((error) => `${name}: ${error}`),
  );
  return errors.length === 0 ? { outcome: 'served', ...seen } : wrong(errors.join('; '));
}

/** Failures that are not the answer of a server that understood the question. */
const OUTCOMES: Partial<Record<ServingFailure, Outcome['outcome']>> = {
  unreachable: 'network-error',
  deadline: 'timeout',
  malformed: 'wrong-payload',
};

/** Judges a prediction that was asked for and not given, in protocols that are no HTTP. */
export function outcomeOfFailure(thrown: unknown): Outcome {
  if (!(thrown instanceof ServingError)) return { outcome: 'network-error', error: messageOf(thrown) };
  const { failure, message, version } = thrown;
  return {
    outcome: OUTCOMES[failure] ?? 'rpc-error',
    error: message,
    ...(version === undefined ? {} : { servedBy: { version } }),
  };
}

/** What is no JSON has nothing in it that could be right. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
