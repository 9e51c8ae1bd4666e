import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { execa } from 'execa';
import { answerServer } from '../../../../helpers/answers/server.ts';
import { parseOpenMetrics } from '../verdict/openmetrics-reader.ts';
import { NOW, question, storeVerdict } from './runs.ts';

const newer = '20261121-100000-aaaa';
const asked = new URLSearchParams(question).toString();

let runsFolder: string;
let server: Server;
let base: string;

async function listen(token?: string): Promise<void> {
  server = answerServer({ runsFolder, token, now: () => NOW });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

/** As Flagger does it: the canary, its phase, and what the webhook's metadata say. */
function flagger(metadata: Record<string, string>, more: object = {}, path = '/v1/flagger') {
  return fetch(`${base}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'gateway', namespace: 'live', phase: 'Progressing', metadata, ...more }),
  });
}

test.describe('seatrial serve', { tag: '@static' }, () => {
  test.beforeEach(async () => {
    runsFolder = test.info().outputPath('runs');
    mkdirSync(runsFolder, { recursive: true });
    await listen();
  });

  test.afterEach(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close').catch(() => undefined);
  });

  test('should answer the web metric of Argo Rollouts with 200 and the verdict, whatever it is', async () => {
    for (const status of ['pass', 'fail', 'inconclusive'] as const) {
      storeVerdict(runsFolder, newer, { status });
      const response = await fetch(`${base}/v1/analysis?${asked}`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toContain('application/json');
      expect(await response.json()).toMatchObject({ verdict: status, passed: status === 'pass', run: newer });
    }
  });

  test('should answer a webhook of Flagger with 200 for a pass and with more than 202 for anything else', async () => {
    for (const status of ['pass', 'fail', 'inconclusive', 'not-run', 'not-applicable'] as const) {
      storeVerdict(runsFolder, newer, { status });
      const response = await flagger(question);
      expect(response.status).toBe(status === 'pass' ? 200 : 412);
      expect(await response.json()).toMatchObject({ passed: status === 'pass', reason: expect.any(String) });
    }
  });

  test('should take the question from the address as well, and leave other metadata alone', async () => {
    storeVerdict(runsFolder, newer);
    expect((await flagger({ team: 'gateways' }, {}, `/v1/flagger?${asked}`)).status).toBe(200);
    expect((await flagger({ ...question, maxAge: '1m' })).status).toBe(412);
    expect((await flagger({ run: newer }, {}, `/v1/flagger?${asked}`)).status).toBe(200);
  });

  test('should not let Flagger roll back because a gate has passed', async () => {
    storeVerdict(runsFolder, newer);
    for (const type of ['rollback', 'event']) expect((await flagger(question, { type })).status).toBe(400);
    for (const type of ['rollout', 'confirm-promotion']) expect((await flagger(question, { type })).status).toBe(200);
  });

  test('should answer without any run, and refuse what it does not understand', async () => {
    expect(await (await fetch(`${base}/v1/analysis?${asked}`)).json()).toMatchObject({ verdict: 'inconclusive' });
    expect((await fetch(`${base}/v1/analysis`)).status).toBe(400);
    expect((await fetch(`${base}/v1/analysis?${asked}&run=20200101-000000-zzzz`)).status).toBe(400);
    expect((await fetch(`${base}/v1/analysis?${asked}`, { method: 'POST' })).status).toBe(404);
    expect((await fetch(`${base}/v1/flagger?${asked}`)).status).toBe(404);
    expect((await fetch(`${base}/../../run.json`)).status).toBe(404);
    expect((await fetch(`${base}/v1/flagger`, { method: 'POST', body: '{"name":' })).status).toBe(400);
    expect(
      (await fetch(`${base}/v1/flagger`, { method: 'POST', body: JSON.stringify({ x: 'y'.repeat(100_000) }) })).status,
    ).toBe(400);
    expect((await fetch(`${base}/healthz`)).status).toBe(200);
  });

  test('should survive an address that is none', async () => {
    const { port } = server.address() as AddressInfo;
    const status = await new Promise<number | undefined>((done, failed) => {
      request({ port, host: '127.0.0.1', path: '//' }, (response) => {
        response.resume();
        done(response.statusCode);
      })
        .on('error', failed)
        .end();
    });
    expect(status).toBe(400);
    expect((await fetch(`${base}/healthz`)).status).toBe(200);
  });

  test('should hand the figures of the newest run to Prometheus', async () => {
    expect((await fetch(`${base}/metrics`)).status).toBe(404);
    storeVerdict(runsFolder, '20261120-100000-aaaa');
    storeVerdict(runsFolder, newer);
    const response = await fetch(`${base}/metrics`);
    expect(response.headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(parseOpenMetrics(await response.text())[0]?.labels.run).toBe(newer);
  });

  test('should answer only who knows the token, where there is one', async () => {
    server.close();
    await listen('the-token-of-this-test');
    storeVerdict(runsFolder, newer);
    const ask = (path: string, token?: string) =>
      fetch(`${base}${path}`, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });
    for (const path of [`/v1/analysis?${asked}`, '/metrics']) {
      expect((await ask(path)).status).toBe(401);
      expect((await ask(path, 'another')).status).toBe(401);
      expect((await ask(path, 'the-token-of-this-test')).status).toBe(200);
    }
    expect((await flagger(question)).status).toBe(401);
    expect((await flagger({ ...question, token: 'the-token-of-this-test' })).status).toBe(200);
    expect((await ask('/healthz')).status).toBe(200);
  });
});

test.describe('seatrial serve as a command', { tag: '@static' }, () => {
  const command = join(import.meta.dirname, '../../../../bin/seatrial.js');
  const start = (...args: string[]) =>
    execa(process.execPath, [command, 'serve', ...args], { reject: false, stdin: 'ignore', env: { NODE_OPTIONS: '' } });

  test('should listen on loopback, answer, and end with 0 when it is told to', async () => {
    const runs = test.info().outputPath('runs');
    const now = new Date().toISOString();
    storeVerdict(runs, newer, { startedAt: now, endedAt: now });
    const running = start('--port', '0', '--runs', runs);
    const address = await new Promise<string>((done, failed) => {
      running.stdout.on('data', (chunk: Buffer) => {
        const [found] = /http:\/\/\S+/.exec(chunk.toString()) ?? [];
        if (found !== undefined) done(found);
      });
      running.once('exit', () => {
        failed(new Error('it ended before it listened'));
      });
    });
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await (await fetch(`${address}/v1/analysis?${asked}`)).json()).toMatchObject({ verdict: 'pass' });
    running.kill('SIGTERM');
    const { exitCode, stderr } = await running;
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/GET "\/v1\/analysis\?target=gateway.*" 200/);
  });

  test('should refuse to answer the whole network without being told so', async () => {
    const runs = test.info().outputPath('runs');
    mkdirSync(runs, { recursive: true });
    const { stderr, exitCode } = await start('--host', '0.0.0.0', '--port', '0', '--runs', runs);
    expect(stderr).toMatch(/--token-file[\s\S]*--anyone/);
    expect(exitCode).toBe(2);
  });

  test('should tell mistakes with their place', async () => {
    const runs = test.info().outputPath('runs');
    mkdirSync(runs, { recursive: true });
    const empty = test.info().outputPath('token');
    writeFileSync(empty, '\n');
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const taken = other.address() as AddressInfo;
    for (const [args, words] of [
      [['--port', 'eighty'], 'is no port'],
      [['--runs', join(runs, 'nowhere')], 'There is no folder of runs'],
      [['--token-file', empty], 'There is no token'],
      [['--port', String(taken.port), '--runs', runs], 'It cannot listen there'],
    ] as const) {
      const { stderr, exitCode } = await start(...args);
      expect(stderr).toContain(words);
      expect(stderr).not.toContain('    at ');
      expect(exitCode).toBe(2);
    }
    other.close();
  });
});
