import { expect, test } from '@playwright/test';
import { ServingError } from '../../../../helpers/serving/errors.ts';
import { outcomeOfAnswer, outcomeOfFailure, outcomeOfPredictions } from '../../../../helpers/serving/predictions.ts';
import { batchOf, predictionsOf } from '../../../../helpers/serving/requests.ts';
import type { AskedPrediction } from '../../../../helpers/serving/requests.ts';
import { CookieJar } from '../../../../helpers/traffic/cookies.ts';
import type { Prepared } from '../../../../helpers/traffic/send.ts';
import { model } from '../target/model.ts';

const samples = [
  { name: 'first', input: { features: [1, 2] }, expected: { class: 'a', probability: 0.9 }, tolerance: 0.1 },
  { name: 'second', input: { features: [3, 4] }, expected: { class: 'b' } },
];

test.describe('predictions over HTTP', { tag: '@static' }, () => {
  const target = model({ samples });
  const [single] = predictionsOf(target) as [AskedPrediction];
  const batch = batchOf(target) ?? single;
  const judge = (answer: unknown, status = 200, asked = single) =>
    outcomeOfAnswer(asked, { httpStatus: status, text: typeof answer === 'string' ? answer : JSON.stringify(answer) });

  test('should be asked as the samples say, one by one and all at once', () => {
    expect(predictionsOf(target).map(({ path, body }) => [path, body])).toEqual([
      ['/predict', { features: [1, 2] }],
      ['/predict', { features: [3, 4] }],
    ]);
    expect(batch).toMatchObject({
      path: '/batch_predict',
      body: {
        instances: [
          [1, 2],
          [3, 4],
        ],
      },
    });
  });

  test('should be asked by field where samples have several', () => {
    const fields = { ...samples[0], input: { a: 1, b: 2 } };
    expect(batchOf(model({ samples: [fields] }))?.body).toEqual({ instances: [{ a: 1, b: 2 }] });
  });

  test('should be served when the payload is as declared, within the tolerance', () => {
    const prediction = { class: 'a', class_id: 0, probability: 0.99 };
    expect(judge({ model_version: 'v1', prediction })).toEqual({
      outcome: 'served',
      httpStatus: 200,
      servedBy: { version: 'v1' },
    });
    // As in the protocol's own server: the fields of the answer itself.
    expect(judge({ model_version: 'v1', ...prediction })).toMatchObject({ outcome: 'served' });
    const both = { model_version: 'v1', predictions: [prediction, { class: 'b' }] };
    expect(judge(both, 200, batch)).toMatchObject({ outcome: 'served' });
  });

  for (const [what, answer, error] of [
    [
      'another class',
      { model_version: 'v2', prediction: { class: 'b', probability: 0.9 } },
      'first: class is "b" instead of "a"',
    ],
    [
      'a number beyond the tolerance',
      { model_version: 'v2', prediction: { class: 'a', probability: 0.7 } },
      'first: probability is 0.7 instead of 0.9',
    ],
    ['no prediction', { model_version: 'v2' }, 'class is missing'],
    ['no version', { prediction: { class: 'a', probability: 0.9 } }, 'no version of a model'],
    ['a list', [1, 2], 'no version of a model'],
    ['no JSON', '<html>', 'no version of a model in the answer: <html>'],
  ] as const) {
    test(`should be lost when the answer has ${what}`, () => {
      expect(judge(answer)).toMatchObject({
        outcome: 'wrong-payload',
        error: expect.stringContaining(error),
      });
    });
  }

  test('should be lost when one of a batch is wrong, or one is missing', () => {
    const wrong = { model_version: 'v2', predictions: [{ class: 'a', probability: 0.9 }, { class: 'a' }] };
    expect(judge(wrong, 200, batch)).toMatchObject({ error: 'second: class is "a" instead of "b"' });
    expect(judge({ ...wrong, predictions: wrong.predictions.slice(1) }, 200, batch)).toMatchObject({
      outcome: 'wrong-payload',
      error: expect.stringContaining('1 predictions for 2 instances'),
    });
  });

  test('should be lost on an HTTP error, of the version that owns up to it', () => {
    expect(judge({ detail: 'broken', model_version: 'v2' }, 500)).toMatchObject({
      outcome: 'http-error',
      servedBy: { version: 'v2' },
    });
    const headers = new Headers({ 'x-model-version': 'v2' });
    expect(outcomeOfAnswer(single, { httpStatus: 500, text: '', headers })).toMatchObject({
      servedBy: { version: 'v2' },
    });
    expect(judge('Internal Server Error', 500)).toEqual({
      outcome: 'http-error',
      httpStatus: 500,
      error: 'HTTP 500: Internal Server Error',
    });
  });
});

test('should keep the cookies of a user between calls', { tag: '@static' }, () => {
  const jar = new CookieJar();
  const call: Prepared = {
    url: new URL('http://model.example.com/predict'),
    headers: { accept: 'application/json' },
    body: () => '{}',
    limitMs: 1,
    judge: () => ({ outcome: 'served' }),
  };
  const first = jar.attach(call);
  expect(first.headers).toEqual({ accept: 'application/json' });
  first.judge({ httpStatus: 200, text: '', headers: { 'set-cookie': ['variant=a; Path=/; Max-Age=3', 'id=7=8'] } });
  expect(jar.attach(call).headers.cookie).toBe('variant=a; id=7=8');
  jar.attach(call).judge({ httpStatus: 200, text: '', headers: { 'set-cookie': ['variant=b'] } });
  expect(jar.attach(call).headers.cookie).toBe('variant=b; id=7=8');
});

test.describe('predictions in other protocols', { tag: '@static' }, () => {
  const inputs = [{ name: 'features', datatype: 'FP32', shape: [2] }];
  const outputs = [{ name: 'class', datatype: 'BYTES', shape: [] }];
  const of = (serving: object) => model({ samples, serving: { model: 'm', inputs, outputs, ...serving } });
  const torchserve = of({ protocol: 'torchserve', ports: { http: 8080, management: 8081 } });
  const kserve = of({ protocol: 'kserve-v2', ports: { http: 8080 } });
  const grpc = of({ protocol: 'tensorflow-grpc', ports: { grpc: 8500 } });

  test('should be asked as each protocol has it', () => {
    const asked = (target: typeof grpc) => [...predictionsOf(target).slice(0, 1), batchOf(target)];
    expect(asked(torchserve)).toMatchObject([
      { path: '/predictions/m', body: { features: [1, 2] } },
      {
        path: '/predictions/m',
        body: {
          instances: [
            [1, 2],
            [3, 4],
          ],
        },
      },
    ]);
    const tensor = { name: 'features', datatype: 'FP32' };
    expect(asked(kserve)).toMatchObject([
      { path: '/v2/models/m/infer', body: { inputs: [{ ...tensor, shape: [1, 2], data: [1, 2] }] } },
      { path: '/v2/models/m/infer', body: { inputs: [{ ...tensor, shape: [2, 2], data: [1, 2, 3, 4] }] } },
    ]);
    expect(asked(grpc)).toMatchObject([
      { path: 'Predict', body: { model_spec: { name: 'm' }, inputs: { features: { float_val: [1, 2] } } } },
      { path: 'Predict', body: { inputs: { features: { float_val: [1, 2, 3, 4] } } } },
    ]);
    expect(predictionsOf(of({ protocol: 'kserve-v2', ports: { grpc: 8081 } }))).toEqual([]);
  });

  test('should be plain data, texts too', () => {
    const texts = [{ name: 'features', datatype: 'BYTES', shape: [1] }];
    const target = model({
      samples: [{ name: 'text', input: { features: ['ä'] }, expected: { class: 'a' } }],
      serving: { protocol: 'tensorflow-grpc', model: 'm', ports: { grpc: 8500 }, inputs: texts },
    });
    const all = predictionsOf(target);
    expect(JSON.parse(JSON.stringify(all))).toEqual(all);
  });

  test('should be judged by the tensors of an answer of Open Inference Protocol', () => {
    const [asked] = predictionsOf(kserve) as [AskedPrediction];
    const answer = (value: string) => ({
      model_version: 'v1',
      outputs: [
        { name: 'class', datatype: 'BYTES', shape: [1], data: [value] },
        { name: 'probability', datatype: 'FP32', shape: [1], data: [0.95] },
      ],
    });
    const judge = (body: unknown) => outcomeOfAnswer(asked, { httpStatus: 200, text: JSON.stringify(body) });
    expect(judge(answer('a'))).toEqual({ outcome: 'served', httpStatus: 200, servedBy: { version: 'v1' } });
    expect(judge(answer('b'))).toMatchObject({ outcome: 'wrong-payload', servedBy: { version: 'v1' } });
    expect(judge({ ...answer('a'), model_version: undefined })).toMatchObject({ outcome: 'wrong-payload' });
    expect(judge({ model_version: 'v1' })).toMatchObject({ outcome: 'wrong-payload', servedBy: { version: 'v1' } });
  });

  test('should be judged by what they say where the protocol is no HTTP, and by how they failed', () => {
    const [asked] = predictionsOf(grpc) as [AskedPrediction];
    const right = { class: 'a', probability: 0.9 };
    expect(outcomeOfPredictions(asked, { predictions: [right], version: '1' })).toEqual({
      outcome: 'served',
      servedBy: { version: '1' },
    });
    for (const [predictions, version] of [
      [[{ ...right, class: 'b' }], '1'],
      [[right, right], '1'],
      [[right], undefined],
    ] as const)
      expect(outcomeOfPredictions(asked, { predictions, version }).outcome).toBe('wrong-payload');
    for (const [failure, outcome] of [
      ['unreachable', 'network-error'],
      ['deadline', 'timeout'],
      ['malformed', 'wrong-payload'],
      ['not-ready', 'rpc-error'],
      ['failed', 'rpc-error'],
    ] as const)
      expect(outcomeOfFailure(new ServingError(failure, 'why', { version: '2' }))).toEqual({
        outcome,
        error: 'why',
        servedBy: { version: '2' },
      });
    expect(outcomeOfFailure(new Error('why'))).toEqual({ outcome: 'network-error', error: 'why' });
  });
});
