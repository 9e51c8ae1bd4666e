import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { expect, test } from '@playwright/test';
import { parse, stringify } from 'yaml';
import { writePrivateCopy } from '../../../../helpers/cluster/kubeconfig/private-copy.ts';
import { kubeconfigProvider } from '../../../../helpers/cluster/kubeconfig/provider.ts';
import { neededRights, rightsTable } from '../../../../helpers/cluster/kubeconfig/rights.ts';
import { loadOptions } from '../../../../helpers/config/options.ts';
import { UserError } from '../../../../helpers/errors.ts';
import type { Mistake } from '../../../../helpers/errors.ts';

let folder: string;
let before: string | undefined;

function useKubeconfig(server: string): void {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'staging',
    clusters: [{ name: 'c', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'u', user: { token: 'none' } }],
    contexts: ['staging', 'production'].map((name) => ({ name, context: { cluster: 'c', user: 'u' } })),
  };
  writeFileSync(join(folder, 'config'), stringify(config));
  process.env.KUBECONFIG = join(folder, 'config');
}

async function addressOf(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

/** An address where nothing listens: a port that was free a moment ago. */
async function closedAddress(): Promise<string> {
  const server = createServer();
  const address = await addressOf(server);
  server.close();
  await once(server, 'close');
  return address;
}

async function mistakeOf(attempt: Promise<unknown>): Promise<Mistake> {
  const thrown: unknown = await attempt.catch((reason: unknown) => reason);
  expect(thrown).toBeInstanceOf(UserError);
  const [mistake] = (thrown as UserError).mistakes;
  if (mistake === undefined) throw new Error('a UserError without a mistake');
  return mistake;
}

function acquire(env: Record<string, string>): Promise<unknown> {
  const options = loadOptions(folder, { ...env, HOME: folder });
  return kubeconfigProvider(options).acquire({ owner: process.pid, progress: () => undefined });
}

test.describe('a cluster of the person’s own', { tag: '@static' }, () => {
  test.beforeEach(() => {
    before = process.env.KUBECONFIG;
    folder = mkdtempSync(join(tmpdir(), 'seatrial-test-'));
  });

  test.afterEach(() => {
    if (before === undefined) delete process.env.KUBECONFIG;
    else process.env.KUBECONFIG = before;
    rmSync(folder, { recursive: true, force: true });
  });

  test('should refuse an unknown context with a suggestion', async () => {
    useKubeconfig('http://127.0.0.1:1');
    const attempt = acquire({ SEATRIAL_CONTEXT: 'stagin', SEATRIAL_ALLOWED_CONTEXTS: 'stagin' });
    await expect(attempt).rejects.toThrow(/no context stagin[\s\S]*SEATRIAL_CONTEXT[\s\S]*staging/);
  });

  test('should send nothing to a context that is not on the allow-list', async () => {
    let requests = 0;
    const server = createServer((_, response) => {
      requests++;
      response.end('{}');
    });
    useKubeconfig(await addressOf(server));
    const attempt = acquire({ SEATRIAL_CONTEXT: 'production', SEATRIAL_ALLOWED_CONTEXTS: 'staging' });
    await expect(attempt).rejects.toThrow(/production is not on the allow-list[\s\S]*SEATRIAL_ALLOWED_CONTEXTS/);
    expect(requests).toBe(0);
    server.close();
  });

  test('should say where a cluster that does not answer was looked for', async () => {
    const address = await closedAddress();
    useKubeconfig(address);
    const { what, where } = await mistakeOf(acquire({ SEATRIAL_ALLOWED_CONTEXTS: 'staging' }));
    expect(what).toMatch(/cannot be reached: connect ECONNREFUSED/);
    expect(where).toBe(`context staging (${address})`);
  });

  test('should ask which of several allowed contexts when the current one is none of them', async () => {
    useKubeconfig(await closedAddress());
    const { where, fix } = await mistakeOf(acquire({ SEATRIAL_ALLOWED_CONTEXTS: 'production,qa' }));
    expect(where).toContain('SEATRIAL_CONTEXT');
    expect(fix).toBe('name one of production, qa');
  });

  test('should say that there is no kubeconfig rather than try a port of this machine', async () => {
    delete process.env.KUBECONFIG;
    const home = process.env.HOME;
    process.env.HOME = folder;
    try {
      const { what, fix } = await mistakeOf(acquire({ SEATRIAL_ALLOWED_CONTEXTS: 'staging' }));
      expect(what).toBe('There is no kubeconfig');
      expect(fix).toContain('KUBECONFIG');
    } finally {
      process.env.HOME = home;
    }
  });

  test('should name a kubeconfig that cannot be read', async () => {
    process.env.KUBECONFIG = join(folder, 'nowhere');
    const { where } = await mistakeOf(acquire({ SEATRIAL_ALLOWED_CONTEXTS: 'staging' }));
    expect(where).toBe(join(folder, 'nowhere'));
  });

  test('should refuse a cluster that is too old', async () => {
    const server = createServer((_, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ gitVersion: 'v1.27.4', major: '1', minor: '27' }));
    });
    useKubeconfig(await addressOf(server));
    await expect(acquire({ SEATRIAL_ALLOWED_CONTEXTS: 'staging' })).rejects.toThrow(
      /runs Kubernetes v1\.27\.4; 1\.30 or later/,
    );
    server.close();
  });

  test('should not offer itself when no context is allowed', async () => {
    const { usable, reason } = await kubeconfigProvider(loadOptions(folder, { HOME: folder })).detect();
    expect(usable).toBe(false);
    expect(reason).toContain('allow-list');
  });

  test('should ask for rights one by one, none of them a wildcard', () => {
    const rights = neededRights();
    expect(rights.length).toBeGreaterThan(50);
    expect(rights.filter((right) => Object.values(right).includes('*'))).toEqual([]);
    expect(rights).toContainEqual({ group: '', resource: 'pods', subresource: 'log', verb: 'get' });
    expect(rightsTable(rights)).toContain('deployments.apps');
  });

  for (const part of ['flux', 'istio', 'argo-rollouts', 'metrics', 'runbooks'] as const)
    test(`should ask for no more than that for ${part}, and for no wildcard either`, () => {
      const rights = neededRights(`cluster-role-${part}.yaml`);
      expect(rights.length).toBeGreaterThan(0);
      expect(rights.filter((right) => Object.values(right).includes('*'))).toEqual([]);
      const always = neededRights().map((right) => JSON.stringify(right));
      expect(rights.filter((right) => always.includes(JSON.stringify(right)))).toEqual([]);
    });

  test('should use the ServiceAccount of the pod that it runs in, in a form that helm and kubectl know', () => {
    const account = join(folder, 'var/run/secrets/kubernetes.io/serviceaccount');
    mkdirSync(account, { recursive: true });
    const content = { token: 'of-the-account\n', 'ca.crt': 'an authority', namespace: 'trials' };
    for (const [name, text] of Object.entries(content)) writeFileSync(join(account, name), text);
    const inPod = new KubeConfig();
    inPod.loadFromCluster(folder);
    const file = writePrivateCopy(inPod, join(folder, 'state', '1'));
    expect(statSync(file).mode & 0o077).toBe(0);
    const written = parse(readFileSync(file, 'utf8')) as { users: { user: object }[]; clusters: { cluster: object }[] };
    expect(written.users.map(({ user }) => user)).toEqual([{ token: 'of-the-account' }]);
    expect(written.clusters[0]?.cluster).toMatchObject({ 'certificate-authority': join(account, 'ca.crt') });
    const read = new KubeConfig();
    read.loadFromFile(file);
    expect(read.getContexts()).toEqual([
      expect.objectContaining({ name: 'inClusterContext', namespace: 'trials' }) as unknown,
    ]);
  });
});
