import type { Outcome } from '../mcp/outcome.ts';
import { sampleRequest } from '../deliverables/sample-request.ts';
import type { Sample } from '../target/model/samples.ts';
import type { ModelDeclaration } from '../target/model/schema.ts';
import { differences } from './compare.ts';

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

/** The declared samples as they are asked over HTTP; none where the protocol has no HTTP. */
export function predictionsOf(model: Pick<ModelDeclaration, 'serving' | 'samples'>): AskedPrediction[] {
  return model.samples.flatMap((sample) => {
    const request = sampleRequest(model, sample);
    return request === undefined ? [] : [{ name: sample.name, ...request, expected: [sample], batch: false }];
  });
}

/** All samples in one request, where the protocol is `rest`: its instances are the values of the one field that samples have. */
export function batchOf({
  serving,
  samples,
}: Pick<ModelDeclaration, 'serving' | 'samples'>): AskedPrediction | undefined {
  const fields = new Set(samples.flatMap(({ input }) => Object.keys(input)));
  const [field] = fields;
  if (serving.protocol !== 'rest' || fields.size !== 1 || field === undefined) return undefined;
  return {
    name: `${String(samples.length)} samples`,
    path: serving.paths.batchPredict,
    body: { instances: samples.map(({ input }) => input[field]) },
    expected: samples,
    batch: true,
  };
}

/**
 * Judges an answer by its payload: a wrong prediction arrives inside HTTP 200 too. The version that the model says it is of is the
 * fingerprint of who served; an error may tell it as well.
 */
export function outcomeOfAnswer(asked: AskedPrediction, httpStatus: number, text: string): Outcome {
  const answer = parse(text);
  const version = versionIn(answer);
  const seen = { httpStatus, ...(version === undefined ? {} : { servedBy: { version } }) };
  if (httpStatus >= 400) {
    return { outcome: 'http-error', error: `HTTP ${String(httpStatus)}: ${text.slice(0, QUOTED)}`, ...seen };
  }
  const wrong = (error: string): Outcome => ({ outcome: 'wrong-payload', error, ...seen });
  if (answer === undefined) return wrong(`no JSON object: ${text.slice(0, QUOTED)}`);
  if (version === undefined) return wrong('the answer does not say which version of the model gave it');
  const predictions = asked.batch ? answer.predictions : [{ ...fieldsOf(answer.prediction), ...answer }];
  if (!Array.isArray(predictions) || predictions.length !== asked.expected.length)
    return wrong(`not one prediction for each of ${String(asked.expected.length)} instances: ${text.slice(0, QUOTED)}`);
  const errors = asked.expected.flatMap(({ name, expected, tolerance }, index) =>
    differences(expected, fieldsOf(predictions[index]), tolerance).map((error) => `${name}: ${error}`),
  );
  return errors.length === 0 ? { outcome: 'served', ...seen } : wrong(errors.join('; '));
}

function versionIn(answer: Record<string, unknown> | undefined): string | undefined {
  const version = answer?.model_version ?? fieldsOf(answer?.detail).model_version;
  return typeof version === 'string' ? version : undefined;
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
