import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { expect, test } from '../../../fixtures/test.ts';
import { kubeconfigProvider } from '../../../helpers/cluster/kubeconfig/provider.ts';
import { missingRights } from '../../../helpers/cluster/kubeconfig/rights.ts';
import { loadOptions } from '../../../helpers/config/options.ts';
import { Kube } from '../../../helpers/kubernetes/kube.ts';
import { createNamespace } from '../../../helpers/kubernetes/namespace.ts';
import { configOf, withRights } from './limited-rights.ts';
import type { Rules } from './limited-rights.ts';

const committed = join(import.meta.dirname, '../../../helpers/cluster/kubeconfig/cluster-role.yaml');
const rules = (parse(readFileSync(committed, 'utf8')) as { rules: Rules }).rules;

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
