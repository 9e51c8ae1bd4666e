import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { UserError } from '../../../../helpers/errors.ts';
import { connect } from '../../../../helpers/serving/client.ts';
import { EncodingError } from '../../../../helpers/serving/errors.ts';
import { loadModel } from '../../../../helpers/target/load.ts';
import type { ModelDeclaration } from '../../../../helpers/target/model/schema.ts';

/** What a server of the protocol answers; undefined for none at all. */
interface Answer {
  status?: number;
  body: unknown;
  headers?: Record<string, string>;
}

/** What was asked, and a server on this machine that answers it in the words of the protocol: the real ones are tried in tests/self/serving. */
let asked: { method: string; url: string; body: unknown }[];
let answers: Record<string, Answer | undefined>;
let server: Server;
let address: string;

const iris = loadModel('fixtures/targets/fastapi-iris');
const flower = { features: [1, 2, 3, 4] };

function clientOf(change: Partial<ModelDeclaration['serving']> = {}) {
  const model = { ...iris, serving: { ...iris.serving, deadlineMs: 5000, ...change } };
  return connect(model, { http: address, management: address });
}

test.describe('clients of served models', { tag: '@static' }, () => {
  test.beforeEach(async () => {
    [asked, answers] = [[], {}];
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const { method = '', url = '' } = request;
        const text = Buffer.concat(parts).toString();
        asked.push({ method, url, body: text === '' ? undefined : JSON.parse(text) });
        const answer = answers[url];
        if (answer === undefined) return;
        response.writeHead(answer.status ?? 200, answer.headers);
        response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });

  test.afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  test('should ask servers of REST for one and for several', async () => {
    answers['/predict'] = { body: { model_version: 'v1', prediction: { class: 'setosa' } } };
    answers['/batch_predict'] = { body: { model_version: 'v1', predictions: [{ class: 'a' }, { class: 'b' }] } };
    expect(await clientOf().predict(flower)).toEqual({ prediction: { class: 'setosa' }, version: 'v1' });
    const several = await clientOf().predictBatch([flower, flower]);
    expect(several).toEqual({ predictions: [{ class: 'a' }, { class: 'b' }], version: 'v1' });
    expect(asked.map(({ body }) => body)).toEqual([flower, { instances: [flower.features, flower.features] }]);
  });

  test('should understand the answer of the protocol itself, and a version in a header', async () => {
    answers['/predict'] = { body: { prediction: 1, probability: 0.9, model_version: '1.0.0' } };
    expect(await clientOf().predict(flower)).toEqual({
      prediction: { prediction: 1, probability: 0.9 },
      version: '1.0.0',
    });
    answers['/predict'] = { body: { prediction: { class: 'a' } }, headers: { 'x-model-version': 'v7' } };
    expect((await clientOf().predict(flower)).version).toBe('v7');
  });

  const failures: [what: string, answer: Answer, failure: string][] = [
    ['refuses the input', { status: 422, body: { detail: 'no' } }, 'refused'],
    ['does not know the model', { status: 404, body: { detail: 'no' } }, 'unknown-model'],
    ['is not ready', { status: 503, body: { detail: 'loading' } }, 'not-ready'],
    ['fails', { status: 500, body: 'Internal Server Error' }, 'failed'],
    ['answers no JSON', { body: '<html>' }, 'malformed'],
    ['answers nothing', { body: '' }, 'malformed'],
    ['answers no prediction', { body: [1] }, 'malformed'],
    ['answers null for a field', { body: { prediction: { class: null }, predictions: [] } }, 'malformed'],
  ];
  for (const [what, answer, failure] of failures) {
    test(`should tell apart a server that ${what}`, async () => {
      answers['/predict'] = answer;
      const status = answer.status === undefined ? {} : { status: answer.status };
      await expect(clientOf().predict(flower)).rejects.toMatchObject({ name: 'ServingError', failure, ...status });
    });
  }

  test('should tell the version of an error, and a wrong number of predictions', async () => {
    answers['/predict'] = { status: 500, body: { model_version: 'v2' } };
    await expect(clientOf().predict(flower)).rejects.toMatchObject({ failure: 'failed', version: 'v2' });
    answers['/batch_predict'] = { body: { predictions: [{ class: 'a' }], model_version: 'v2' } };
    const batch = clientOf().predictBatch([flower, flower]);
    await expect(batch).rejects.toMatchObject({ failure: 'malformed', message: '1 predictions for 2 instances' });
  });

  test('should give up at the deadline, and say when nobody is there', async () => {
    await expect(clientOf().predict(flower, { deadlineMs: 100 })).rejects.toMatchObject({ failure: 'deadline' });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await expect(clientOf().predict(flower)).rejects.toMatchObject({ failure: 'unreachable' });
    const reason = expect.stringContaining('ECONNREFUSED') as unknown;
    expect(await clientOf().readiness()).toEqual({ ready: false, reason });
  });

  test('should send nothing that JSON cannot say', async () => {
    await expect(clientOf().predict({ features: [NaN, 1, 2, 3] })).rejects.toBeInstanceOf(EncodingError);
    expect(asked).toEqual([]);
  });

  test('should read from TorchServe the state of the workers, and a failure of the handler', async () => {
    const client = clientOf({ protocol: 'torchserve' });
    const workers = (...states: string[]) => ({
      body: [{ modelVersion: '1.0', minWorkers: 2, workers: states.map((status) => ({ status })) }],
    });
    answers['/models/iris'] = workers('READY', 'UNLOADING');
    expect(await client.readiness()).toEqual({ ready: false, reason: '1 of 2 workers are ready' });
    answers['/models/iris'] = workers('READY', 'READY');
    expect(await client.readiness()).toEqual({ ready: true });
    expect(await client.fingerprint()).toEqual({ version: '1.0' });
    answers['/predictions/iris'] = { status: 503, body: { code: 503, type: 'InternalServerException' } };
    await expect(client.predict(flower)).rejects.toMatchObject({ failure: 'failed' });
    answers['/predictions/iris'] = { status: 503, body: { code: 503, type: 'ServiceUnavailableException' } };
    await expect(client.predict(flower)).rejects.toMatchObject({ failure: 'not-ready' });
    answers['/predictions/iris'] = { body: { predictions: [{ class: 'a' }], model_version: '1.0' } };
    expect(await client.predictBatch([flower])).toEqual({ predictions: [{ class: 'a' }], version: '1.0' });
  });

  test('should speak Open Inference Protocol with tensors, flat or nested', async () => {
    const client = clientOf({ protocol: 'kserve-v2', outputs: [{ name: 'p', datatype: 'FP32', shape: [2] }] });
    const output = { name: 'p', datatype: 'FP32', shape: [2, 2] };
    const predictions = [{ p: [1, 2] }, { p: [3, 4] }];
    for (const data of [
      [1, 2, 3, 4],
      [
        [1, 2],
        [3, 4],
      ],
    ]) {
      answers['/v2/models/iris/infer'] = { body: { model_version: '3', outputs: [{ ...output, data }] } };
      expect(await client.predictBatch([flower, flower])).toEqual({ predictions, version: '3' });
    }
    const inputs = [{ name: 'features', datatype: 'FP64', shape: [2, 4], data: [1, 2, 3, 4, 1, 2, 3, 4] }];
    expect(asked[0]).toEqual({ method: 'POST', url: '/v2/models/iris/infer', body: { inputs } });
    for (const data of [[1, 2, 3], [[1, 2, 3, 4]], [1, 2, 3, null], [1, 2, 3, { a: 1 }]]) {
      answers['/v2/models/iris/infer'] = { body: { outputs: [{ ...output, data }] } };
      await expect(client.predictBatch([flower, flower])).rejects.toMatchObject({ failure: 'malformed' });
    }
    answers['/v2/models/iris/ready'] = { status: 400, body: { error: 'loading' } };
    expect(await client.readiness()).toMatchObject({ ready: false });
    answers['/v2/models/iris'] = { body: { name: 'iris', versions: ['3'] } };
    expect(await client.fingerprint()).toEqual({ version: '3' });
  });

  test('should not begin without the addresses that the protocol needs', () => {
    expect(() => connect(iris, {})).toThrow(UserError);
    const grpc = { ...iris, serving: { ...iris.serving, protocol: 'kserve-v2' as const, ports: { grpc: 8081 } } };
    expect(() => connect(grpc, { grpc: address })).toThrow(/over HTTP/);
  });
});
