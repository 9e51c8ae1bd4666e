import { messageOf } from '../errors.ts';
import type { Outcome } from '../mcp/outcome.ts';
import type { Sample } from '../target/model/samples.ts';
import type { ModelDeclaration } from '../target/model/schema.ts';
import { differences } from './compare.ts';
import { predictionsIn, requestOf, versionIn } from './json-predictions.ts';
import type { JsonAnswer } from './json-http.ts';

/** What the answer to one request has to say of each of its instances. */
type Expectation = Pick<Sample, 'name' | 'expected' | 'tolerance'>;

/** A prediction that is asked for over HTTP, again and again. Plain data. */
export interface AskedPrediction {
  /** Of the sample, or of all of them. */
  name: string;
  path: string;
  body: unknown;
  /** One for each instance, in their order. */
  expected: readonly Expectation[];
  batch: boolean;
}

/** An answer is quoted up to this many characters. */
const QUOTED = 200;

type Asked = Pick<ModelDeclaration, 'serving' | 'samples'>;

/** The declared samples as they are asked one by one; none where the protocol is not `rest`. */
export function predictionsOf({ serving, samples }: Asked): AskedPrediction[] {
  if (serving.protocol !== 'rest') return [];
  const path = serving.paths.predict;
  return samples.map((sample) => {
    const body = requestOf([sample.input], false);
    return { name: sample.name, path, body, expected: [sample], batch: false };
  });
}

/** All samples in one request, as far as the server takes so many; undefined where the protocol is not `rest`. */
export function batchOf({ serving, samples }: Asked): AskedPrediction | undefined {
  if (serving.protocol !== 'rest') return undefined;
  const some = samples.slice(0, serving.maxBatch);
  const body = requestOf(
    some.map(({ input }) => input),
    true,
  );
  return {
    name: `${String(some.length)} samples`,
    path: serving.paths.batchPredict,
    body,
    expected: some,
    batch: true,
  };
}

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
  const wrong = (error: string): Outcome => ({ outcome: 'wrong-payload', error, ...seen });
  if (version === undefined) return wrong(`no version of a model in the answer: ${text.slice(0, QUOTED)}`);
  try {
    const { predictions } = predictionsIn(answer, asked.batch);
    if (predictions.length !== asked.expected.length)
      return wrong(`${String(predictions.length)} predictions for ${String(asked.expected.length)} instances`);
    const errors = asked.expected.flatMap(({ name, expected, tolerance }, index) =>
      differences(expected, predictions[index] ?? {}, tolerance).map((error) => `${name}: ${error}`),
    );
    return errors.length === 0 ? { outcome: 'served', ...seen } : wrong(errors.join('; '));
  } catch (thrown) {
    return wrong(messageOf(thrown));
  }
}

/** What is no JSON has nothing in it that could be right. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
