import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node';
import { expect, test } from '@playwright/test';
import { runExperiment } from '../../../../helpers/experiments/runner.ts';
import { Surroundings } from '../../../../helpers/experiments/surroundings.ts';
import type { Machine } from '../../../../helpers/experiments/surroundings.ts';
import type { Experiment } from '../../../../helpers/experiments/types.ts';
import { Kube } from '../../../../helpers/kubernetes/kube.ts';
import { evaluateItem } from '../../../../helpers/verdict/evaluate.ts';
import { thresholds } from '../../../../helpers/verdict/thresholds.ts';
import type { Item } from '../../../../helpers/verdict/types.ts';
import { runnerOptions } from './ask.ts';

/** Looked at by hand, not by the timer. */
const NEVER_MS = 1_000_000;

/** A machine in good order. */
function machine(more: Partial<Machine> = {}): Machine {
  let ms = 0;
  return { wall: () => 1_000_000 + ms, steady: () => ms++, free: () => Promise.resolve(Infinity), ...more };
}

const item: Item = {
  id: 'gate-any',
  kind: 'gate',
  name: 'Any',
  text: 'Anything',
  checks: [
    {
      id: 'c',
      title: 'It holds',
      expected: 'it',
      experiment: 'sample',
      evaluate: () => ({ verdict: 'pass', seen: 'it', evidence: ['sample#1'] }),
    },
  ],
};

/** What a gate that passes whatever it sees comes to, when the experiment behind it ran on that machine. */
async function judgedOn(on: Machine, during: () => void = () => undefined) {
  const experiment: Experiment = {
    id: 'sample',
    title: 'sample',
    needs: [],
    timeLimitMs: 60_000,
    clusterless: true,
    helmless: true,
    run: () => {
      during();
      return Promise.resolve();
    },
  };
  const history = await runExperiment(experiment, { ...runnerOptions(test.info().outputPath()), machine: on });
  expect(history.end?.status).toBe('completed');
  const { status, note } = evaluateItem(item, new Map([['sample', history]]));
  return { status, note };
}

test.describe('what goes wrong beside the target', { tag: '@static' }, () => {
  test('should be nothing on a machine in good order', async () => {
    expect(await judgedOn(machine())).toMatchObject({ status: 'pass' });
  });

  for (const [by, told] of [
    [3_600_000, /set by \+60 min 00 s/],
    [-3_600_000, /set by -60 min 00 s/],
    [thresholds.clockStep.value + 50, /set by \+0\.3 s/],
  ] as const)
    test(`should make a verdict inconclusive when the clock is set by ${String(by)} ms`, async () => {
      let stepped = 0;
      const on = machine();
      const judged = await judgedOn({ ...on, wall: () => on.wall() + stepped }, () => {
        stepped = by;
      });
      expect(judged).toMatchObject({ status: 'inconclusive', note: expect.stringMatching(told) });
    });

  test('should see a clock that is set forth and back again', async () => {
    let stepped = 0;
    const on = machine();
    const surroundings = new Surroundings({ ...on, wall: () => on.wall() + stepped }, NEVER_MS);
    stepped = 60_000;
    await surroundings.look();
    stepped = 0;
    expect(await surroundings.stop({ ownNodes: false })).toEqual([expect.stringContaining('set by +60 s')]);
  });

  test('should make a verdict inconclusive when the disk is full', async () => {
    const judged = await judgedOn(machine({ free: () => Promise.resolve(1024) }));
    expect(judged).toMatchObject({ status: 'inconclusive', note: expect.stringContaining('0 MiB were left') });
  });
});

test.describe('a cluster that is watched beside the target', { tag: '@static' }, () => {
  let server: Server;
  let ready: boolean;

  test.beforeEach(async () => {
    ready = true;
    server = createServer(({ url = '' }, response) => {
      const conditions = [{ type: 'Ready', status: ready ? 'True' : 'Unknown' }];
      response.end(
        JSON.stringify(
          url.startsWith('/version')
            ? {}
            : { metadata: {}, items: [{ metadata: { name: 'n1' }, status: { conditions } }] },
        ),
      );
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  test.afterEach(async () => {
    if (server.listening) await stop();
  });

  async function stop(): Promise<void> {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  function watched(): Surroundings {
    const config = new KubeConfig();
    const { port } = server.address() as AddressInfo;
    config.loadFromClusterAndUser(
      { name: 'c', server: `http://127.0.0.1:${String(port)}`, skipTLSVerify: true },
      { name: 'u' },
    );
    const surroundings = new Surroundings(machine(), NEVER_MS);
    surroundings.add(new Kube(config));
    return surroundings;
  }

  /** Often enough that nodes are asked for again. */
  async function look(surroundings: Surroundings): Promise<void> {
    for (let count = 0; count < 6; count++) await surroundings.look();
  }

  test('should be fine as long as it answers', async () => {
    const surroundings = watched();
    await look(surroundings);
    expect(await surroundings.stop({ ownNodes: false })).toEqual([]);
  });

  test('should be told when its API server is away', async () => {
    const surroundings = watched();
    await look(surroundings);
    await stop();
    await look(surroundings);
    expect(await surroundings.stop({ ownNodes: false })).toEqual([
      expect.stringMatching(/API server was away .*cannot be reached/),
    ]);
  });

  test('should not be told for one connection that is refused', async () => {
    const surroundings = watched();
    const { port } = server.address() as AddressInfo;
    await surroundings.look();
    await stop();
    await surroundings.look();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    await look(surroundings);
    expect(await surroundings.stop({ ownNodes: false })).toEqual([]);
  });

  test('should be told when a node is lost, unless the experiment itself took it away', async () => {
    for (const ownNodes of [false, true]) {
      ready = true;
      const surroundings = watched();
      await look(surroundings);
      ready = false;
      await look(surroundings);
      expect(await surroundings.stop({ ownNodes })).toEqual(
        ownNodes ? [] : ['the node n1 was lost while the experiment ran'],
      );
    }
  });
});
