import { expect, test } from '@playwright/test';
import { batchOf, outcomeOfAnswer, predictionsOf } from '../../../../helpers/serving/predictions.ts';
import type { AskedPrediction } from '../../../../helpers/serving/predictions.ts';
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

  test('should be asked by field where samples have several, and not at all where the protocol is another', () => {
    const fields = { ...samples[0], input: { a: 1, b: 2 } };
    expect(batchOf(model({ samples: [fields] }))?.body).toEqual({ instances: [{ a: 1, b: 2 }] });
    const serving = { protocol: 'torchserve', model: 'm', ports: { http: 8080, management: 8081 } };
    expect(batchOf(model({ serving }))).toBeUndefined();
    const grpc = { protocol: 'tensorflow-grpc', model: 'm', ports: { grpc: 8500 } };
    const inputs = [{ name: 'features', datatype: 'FP32', shape: [2] }];
    expect(predictionsOf(model({ serving: { ...grpc, inputs } }))).toEqual([]);
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
