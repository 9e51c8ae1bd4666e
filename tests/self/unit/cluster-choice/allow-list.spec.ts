import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { allowedContext } from '../../../../helpers/cluster/kubeconfig/context.ts';
import { kubeconfigProvider } from '../../../../helpers/cluster/kubeconfig/provider.ts';
import type { ClusterAccess } from '../../../../helpers/cluster/provider.ts';
import { loadOptions } from '../../../../helpers/config/options.ts';
import { UserError } from '../../../../helpers/errors.ts';
import { Kube } from '../../../../helpers/kubernetes/kube.ts';

/** Names of contexts and the servers that they lead to. */
type Contexts = Readonly<Record<string, string>>;

/** What may be tampered with, put back after each test. */
const variables = [
  'KUBECONFIG',
  'HOME',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'ALL_PROXY',
  'NODE_USE_ENV_PROXY',
  'KUBERNETES_SERVICE_HOST',
  'KUBERNETES_SERVICE_PORT',
  'NODE_TLS_REJECT_UNAUTHORIZED',
];
let before: Record<string, string | undefined>;
let servers: Server[];

function kubeconfigOf(contexts: Contexts, current?: string, user: object = { token: 'none' }): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': current,
    clusters: Object.entries(contexts).map(([name, server]) => ({
      name: `cluster of ${name}`,
      cluster: { server, 'insecure-skip-tls-verify': true },
    })),
    users: Object.keys(contexts).map((name) => ({ name: `user of ${name}`, user })),
    contexts: Object.keys(contexts).map((name) => ({
      name,
      context: { cluster: `cluster of ${name}`, user: `user of ${name}` },
    })),
  });
}

/** Writes a kubeconfig below the test's folder. */
function written(name: string, text: string): string {
  const file = test.info().outputPath(name);
  writeFileSync(file, text);
  return file;
}

/** Something that answers as an API server would whose user may do everything, and counts who asks. */
async function cluster() {
  const asked: string[] = [];
  const server = createServer(({ method, url }, response) => {
    asked.push(`${String(method)} ${String(url)}`);
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        gitVersion: 'v1.36.0',
        status: { allowed: true },
        items: [],
        groups: [],
        resources: [],
        metadata: {},
      }),
    );
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return { address: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, asked };
}

function provider(env: Record<string, string>) {
  const folder = test.info().outputPath();
  return kubeconfigProvider(loadOptions(folder, { ...env, HOME: folder, SEATRIAL_CACHE: loadOptions().cacheFolder }));
}

function acquire(env: Record<string, string>): Promise<ClusterAccess> {
  return provider(env).acquire({ owner: process.pid, progress: () => undefined });
}

/** What was allowed, or undefined when it was refused with a reason. */
function attempt(options: Parameters<typeof allowedContext>[0]): KubeConfig | undefined {
  try {
    return allowedContext(options);
  } catch (thrown) {
    if (thrown instanceof UserError) return undefined;
    throw thrown;
  }
}

test.describe('the allow-list of contexts', { tag: '@static' }, () => {
  test.beforeEach(() => {
    before = Object.fromEntries(variables.map((name) => [name, process.env[name]]));
    servers = [];
  });

  test.afterEach(async () => {
    for (const [name, value] of Object.entries(before))
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    for (const server of servers) {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    }
  });

  test('should let nothing be sent elsewhere when the kubeconfig is changed after it was asked', async () => {
    const [staging, production] = [await cluster(), await cluster()];
    const first = written('first', kubeconfigOf({ staging: staging.address }, 'staging'));
    const second = written('second', kubeconfigOf({ staging: production.address }, 'staging'));
    const link = test.info().outputPath('config');
    symlinkSync(first, link);
    process.env.KUBECONFIG = link;
    const env = { SEATRIAL_ALLOWED_CONTEXTS: 'staging' };
    const access = await acquire(env);

    rmSync(link);
    symlinkSync(second, link);
    writeFileSync(first, readFileSync(second));
    const soFar = staging.asked.length;
    await provider(env).ensureParts?.({ ...access, parts: ['flux'] }, ['flux', 'kubectl'], {
      progress: () => undefined,
    });
    await Kube.connect(access).request('/version');

    expect(staging.asked.length).toBeGreaterThan(soFar + 1);
    expect(production.asked).toEqual([]);
    expect(readFileSync(access.kubeconfig, 'utf8')).not.toContain(production.address);
  });

  test('should not be fooled by another current context, beside it or later', async () => {
    const [staging, production] = [await cluster(), await cluster()];
    process.env.KUBECONFIG = written(
      'config',
      kubeconfigOf({ staging: staging.address, production: production.address }, 'production'),
    );
    const access = await acquire({ SEATRIAL_ALLOWED_CONTEXTS: 'staging' });
    const copy = new KubeConfig();
    copy.loadFromFile(access.kubeconfig);
    expect(copy.getCurrentContext()).toBe('staging');
    expect(copy.getClusters().map(({ server }) => server)).toEqual([staging.address]);
    expect(production.asked).toEqual([]);
  });

  test('should refuse a context whose name has two meanings, in one file or in several', async () => {
    const [staging, production] = [await cluster(), await cluster()];
    const one = written('one', kubeconfigOf({ staging: staging.address }, 'staging'));
    const other = written('other', kubeconfigOf({ staging: production.address }, 'staging'));
    const both = JSON.parse(readFileSync(one, 'utf8')) as { clusters: unknown[] };
    both.clusters.push(...(JSON.parse(readFileSync(other, 'utf8')) as { clusters: unknown[] }).clusters);
    for (const config of [
      [one, other].join(delimiter),
      [other, one].join(delimiter),
      written('both', JSON.stringify(both)),
    ]) {
      process.env.KUBECONFIG = config;
      await expect(acquire({ SEATRIAL_ALLOWED_CONTEXTS: 'staging' })).rejects.toThrow(
        /(cannot be read: Duplicate|not one context with one cluster)/,
      );
    }
    expect([...staging.asked, ...production.asked]).toEqual([]);
  });

  test('should refuse a context of the allowed name that leads to another server, where the list says which', async () => {
    const [staging, production] = [await cluster(), await cluster()];
    const pinned = { SEATRIAL_ALLOWED_CONTEXTS: `staging=${staging.address}` };
    process.env.KUBECONFIG = written('renamed', kubeconfigOf({ staging: production.address }, 'staging'));
    await expect(acquire(pinned)).rejects.toThrow(/leads to .*: nothing was sent to it[\s\S]*the list has it with/);
    expect(production.asked).toEqual([]);
    process.env.KUBECONFIG = written('right', kubeconfigOf({ staging: `${staging.address}/` }, 'staging'));
    expect(await acquire(pinned)).toMatchObject({ context: 'staging' });
  });

  test('should not be left by proxies of the environment', async () => {
    const [staging, proxy] = [await cluster(), await cluster()];
    process.env.KUBECONFIG = written('config', kubeconfigOf({ staging: staging.address }, 'staging'));
    for (const name of ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY']) process.env[name] = proxy.address;
    await acquire({ SEATRIAL_ALLOWED_CONTEXTS: 'staging' });
    expect(staging.asked).toContain('GET /version');
    expect(proxy.asked).toEqual([]);
  });

  test('should not be left for the cluster that this process runs in', async () => {
    const production = await cluster();
    const { hostname, port } = new URL(production.address);
    Reflect.deleteProperty(process.env, 'KUBECONFIG');
    Object.assign(process.env, {
      HOME: test.info().outputPath('home'),
      KUBERNETES_SERVICE_HOST: hostname,
      KUBERNETES_SERVICE_PORT: port,
    });
    for (const allowed of ['staging', 'inClusterContext', 'loaded-context'])
      await expect(acquire({ SEATRIAL_ALLOWED_CONTEXTS: allowed })).rejects.toThrow(UserError);
    expect(production.asked).toEqual([]);
  });

  test('should be asked before any plug-in of the kubeconfig is run', async () => {
    const { address } = await cluster();
    const ran = test.info().outputPath('ran');
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'touch',
      args: [ran],
      interactiveMode: 'Never',
    };
    process.env.KUBECONFIG = written('config', kubeconfigOf({ production: address }, 'production', { exec }));
    for (const env of [
      { SEATRIAL_CONTEXT: 'production', SEATRIAL_ALLOWED_CONTEXTS: 'staging' },
      { SEATRIAL_CONTEXT: 'production', SEATRIAL_ALLOWED_CONTEXTS: 'production=https://example.com' },
    ])
      await expect(acquire(env)).rejects.toThrow(/nothing was sent to it/);
    expect(existsSync(ran)).toBe(false);
  });

  test('should not be believed where no certificate is verified', async () => {
    const { address, asked } = await cluster();
    process.env.KUBECONFIG = written('config', kubeconfigOf({ staging: address }, 'staging'));
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    await expect(acquire({ SEATRIAL_ALLOWED_CONTEXTS: 'staging' })).rejects.toThrow(/No certificate is verified/);
    expect(asked).toEqual([]);
  });

  test('should hold whatever the files, their order, the names and the choice are', () => {
    const name = fc.constantFrom(
      'staging',
      'Staging',
      'staging ',
      'production',
      'staging=https://b.example',
      '__proto__',
      '',
    );
    const server = fc.constantFrom('https://a.example', 'https://b.example', 'https://a.example:6443');
    const contexts = fc.array(fc.tuple(name, server), { maxLength: 3 });
    const file = fc.record({ contexts, current: fc.option(name, { nil: undefined }) });
    const entry: fc.Arbitrary<string> = fc.constantFrom(
      'staging',
      'production',
      'staging=https://a.example',
      'production=https://b.example',
    );
    const choice = fc.record({
      context: fc.option(name, { nil: undefined }),
      allowedContexts: fc.array(entry, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(file, { minLength: 1, maxLength: 3 }), choice, (files, { context, allowedContexts }) => {
        process.env.KUBECONFIG = files
          .map(({ contexts: own, current }, index) =>
            written(`config-${String(index)}`, kubeconfigOf(Object.fromEntries(own), current)),
          )
          .join(delimiter);
        const config = attempt({ ...(context === undefined ? {} : { context }), allowedContexts });
        if (config === undefined) return;
        const [used, address] = [config.getCurrentContext(), config.getCurrentCluster()?.server];
        expect(context ?? used).toBe(used);
        expect([used, `${used}=${String(address)}`].some((known) => allowedContexts.includes(known))).toBe(true);
        const meanings = files.flatMap((one) => [...new Map(one.contexts)].filter(([known]) => known === used));
        expect(meanings).toEqual([[used, address]]);
      }),
      { numRuns: 300 },
    );
  });
});
