import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HttpMethod, KubeConfig } from '@kubernetes/client-node';
import type { V1ClusterRole } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { expect, test } from '../../../fixtures/test.ts';
import { kubeconfigProvider } from '../../../helpers/cluster/kubeconfig/provider.ts';
import { missingRights } from '../../../helpers/cluster/kubeconfig/rights.ts';
import type { ClusterAccess } from '../../../helpers/cluster/provider.ts';
import { loadOptions } from '../../../helpers/config/options.ts';
import { Kube } from '../../../helpers/kubernetes/kube.ts';
import { createNamespace } from '../../../helpers/kubernetes/namespace.ts';
import { ownerMetadata, ownerOf } from '../../../helpers/kubernetes/owner.ts';
import { kinds } from '../../../helpers/kubernetes/resources.ts';
import type { KubeObject, Resource } from '../../../helpers/kubernetes/resources.ts';
import type { Run } from '../../../helpers/run/run.ts';

const committed = join(import.meta.dirname, '../../../helpers/cluster/kubeconfig/cluster-role.yaml');
type Rules = NonNullable<V1ClusterRole['rules']>;
const rules = (parse(readFileSync(committed, 'utf8')) as { rules: Rules }).rules;

interface Binding extends KubeObject {
  roleRef: object;
  subjects: object[];
}

const bindings: Resource<Binding> = {
  kind: 'ClusterRoleBinding',
  apiVersion: 'rbac.authorization.k8s.io/v1',
  plural: 'clusterrolebindings',
  namespaced: false,
};

/** Runs `work` as a new ServiceAccount that has `granted` and nothing else; what that takes is removed afterwards. */
async function withRights(
  granted: Rules,
  { cluster, kube, run }: { cluster: ClusterAccess; kube: Kube; run: Run },
  work: (config: KubeConfig) => Promise<void>,
): Promise<void> {
  const account = { name: 'limited', namespace: kube.namespace ?? '' };
  const metadata = {
    generateName: 'seatrial-test-',
    ...ownerMetadata({ run: run.id, test: 'rights', owner: ownerOf(run.owner) }),
  };
  await kube.create(kinds.serviceAccount, { metadata: { name: account.name } });
  const role = await kube.create(kinds.clusterRole, { metadata, rules: granted });
  const name = role.metadata?.name ?? '';
  const binding = await kube.create(bindings, {
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', ...account }],
  });
  try {
    const path = kube.path(kinds.serviceAccount, { name: account.name, subresource: 'token' });
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
    const { status } = await kube.request<{ status: { token: string } }>(path, { method: HttpMethod.POST, body });
    await work(configOf(cluster, status.token));
  } finally {
    await kube.delete(bindings, { name: binding.metadata?.name ?? '' });
    await kube.delete(kinds.clusterRole, { name });
  }
}

/** The kubeconfig of somebody with that token: a context of theirs beside one that they must not use. */
function configOf({ kubeconfig, context }: ClusterAccess, token: string): KubeConfig {
  const admin = new KubeConfig();
  admin.loadFromFile(kubeconfig);
  const config = new KubeConfig();
  const cluster = admin.getContextObject(context)?.cluster ?? '';
  config.loadFromOptions({
    clusters: admin.getClusters(),
    users: [{ name: 'limited', token }, ...admin.getUsers()],
    contexts: [{ name: 'trials', cluster, user: 'limited' }, ...admin.getContexts()],
    currentContext: 'trials',
  });
  return config;
}

test.describe('Rights on a cluster of the person’s own', { tag: '@smoke' }, () => {
  test('should name exactly what is missing', async ({ cluster, kube, run }) => {
    const granted = rules.filter(({ resources }) => resources?.includes('nodes') !== true);
    await withRights(granted, { cluster, kube, run }, async (config) => {
      await expect
        .poll(async () => (await missingRights(config)).map(({ resource, verb }) => `${verb} ${resource}`).sort())
        .toEqual(['get nodes', 'list nodes']);
    });
  });

  test('should tell credentials that the cluster does not know', async ({ cluster }) => {
    await expect(missingRights(configOf(cluster, 'not-a-token'))).rejects.toThrow(
      /does not accept the credentials[\s\S]*context trials, user limited/,
    );
  });

  test('should be enough, when they are those of the committed role, to use the cluster and nothing but the context', async ({
    cluster,
    kube,
    run,
  }, testInfo) => {
    const before = process.env.KUBECONFIG;
    await withRights(rules, { cluster, kube, run }, async (config) => {
      const file = testInfo.outputPath('kubeconfig');
      writeFileSync(file, config.exportConfig(), { mode: 0o600 });
      process.env.KUBECONFIG = file;
      const options = loadOptions(testInfo.outputPath(), {
        ...process.env,
        SEATRIAL_STATE: testInfo.outputPath('state'),
        SEATRIAL_ALLOWED_CONTEXTS: 'trials',
      });
      await expect.poll(() => missingRights(config)).toEqual([]);
      const provider = kubeconfigProvider(options);
      const owner = process.pid;
      const access = await provider.acquire({ owner, progress: () => undefined });
      expect(access).toMatchObject({ context: 'trials', kubernetesVersion: cluster.kubernetesVersion });
      expect(access.parts).toContain('storage');
      expect(statSync(access.kubeconfig).mode & 0o077).toBe(0);
      const copy = new KubeConfig();
      copy.loadFromFile(access.kubeconfig);
      expect(copy.getContexts().map(({ name }) => name)).toEqual(['trials']);
      expect(copy.getUsers().map(({ name }) => name)).toEqual(['limited']);

      const facts = { run: run.id, test: 'rights', owner: run.owner };
      const namespace = await createNamespace(Kube.connect(access), facts);
      await namespace.dispose();

      await provider.release({ owner, progress: () => undefined });
      expect(() => statSync(access.kubeconfig)).toThrow(/ENOENT/);
    }).finally(() => {
      if (before === undefined) delete process.env.KUBECONFIG;
      else process.env.KUBECONFIG = before;
    });
  });
});
