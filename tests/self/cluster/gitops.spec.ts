import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { expect, test } from '../../../fixtures/test.ts';
import { ensureParts } from '../../../helpers/cluster/ensure.ts';
import { demandRights, missingRights } from '../../../helpers/cluster/kubeconfig/rights.ts';
import type { ClusterAccess } from '../../../helpers/cluster/provider.ts';
import type { Options } from '../../../helpers/config/options.ts';
import { waitForArrival } from '../../../helpers/experiments/gitops/arrival.ts';
import type { ExperimentContext } from '../../../helpers/experiments/types.ts';
import type { GitOpsEngine } from '../../../helpers/gitops/engine.ts';
import { engines } from '../../../helpers/gitops/engines.ts';
import { openRemote } from '../../../helpers/gitops/remote.ts';
import type { GitRemote } from '../../../helpers/gitops/remote.ts';
import { WorkingCopy } from '../../../helpers/gitops/working-copy.ts';
import { isNotFound, Kube } from '../../../helpers/kubernetes/kube.ts';
import { Redactor } from '../../../helpers/kubernetes/redact.ts';
import { kinds } from '../../../helpers/kubernetes/resources.ts';
import type { Target } from '../../../helpers/target/schema.ts';
import { withRights } from './limited-rights.ts';
import type { Rules } from './limited-rights.ts';

/** Longer than Flux needs on a busy machine, in ms. */
const LIMIT_MS = 120_000;

/** The embedded cluster gets Flux; one that somebody else has made has it or has it not, and then nothing is tried. */
async function withFlux(
  { cluster, options }: { cluster: ClusterAccess; options: Options },
  work: (cluster: ClusterAccess) => Promise<void>,
): Promise<void> {
  const access = await ensureParts(cluster, ['flux'], { options, progress: () => undefined });
  if (access.git !== undefined) return work(access);
  expect(access.provider).not.toBe('embedded');
}

interface Followed {
  copy: WorkingCopy;
  engine: GitOpsEngine;
  remote: GitRemote;
  /** Writes a file of the desired state (removes it without a text), commits and pushes. */
  put: (file: string, text?: string) => Promise<string>;
  arrive: (commit: string) => Promise<unknown>;
}

/** A branch with one ConfigMap, followed by the namespace of `kube`. */
async function follow(
  { cluster, kube, scratch }: { cluster: ClusterAccess; kube: Kube; scratch: string },
  work: (followed: Followed) => Promise<void>,
): Promise<void> {
  const remote = await openRemote({ cluster, target: {} as Target, redactor: new Redactor() }, 'test');
  try {
    const copy = await WorkingCopy.create(join(scratch, 'copy'), remote, () => undefined);
    const engine = engines.flux({ kube, onWrite: () => undefined });
    const context = { signal: new AbortController().signal } as ExperimentContext;
    const put = async (file: string, text?: string) => {
      const path = join(copy.folder, file);
      mkdirSync(dirname(path), { recursive: true });
      if (text === undefined) rmSync(path);
      else writeFileSync(path, text);
      const commit = await copy.commit(`Change ${file}`);
      await copy.push();
      return commit;
    };
    const first = await put('state/one.yaml', configMap('one', 'first'));
    await engine.follow({ url: remote.url, branch: remote.branch, path: 'state' });
    const arrive = (commit: string) => waitForArrival({ engine, context }, commit, { timeoutMs: LIMIT_MS });
    await arrive(first);
    await work({ copy, engine, remote, put, arrive });
  } finally {
    await remote.dispose();
  }
}

function configMap(name: string, value: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: { value: ${value} }\n`;
}

async function valueOf(kube: Kube, name: string): Promise<string | undefined> {
  try {
    return (await kube.get(kinds.configMap, { name })).data?.value;
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined;
    throw thrown;
  }
}

test.describe('Flux', { tag: '@full' }, () => {
  test('should be added to the cluster when it is needed, and not a second time', async ({ cluster, options }) => {
    await withFlux({ cluster, options }, async (access) => {
      expect(access.parts).toContain('flux');
      const told: string[] = [];
      const again = await ensureParts(cluster, ['flux'], { options, progress: (message) => told.push(message) });
      expect(again).toEqual(access);
      expect(told).toEqual([]);
    });
  });

  test('should bring about what commits add, change and remove', async ({ cluster, options, kube }, testInfo) => {
    await withFlux({ cluster, options }, (access) =>
      follow({ cluster: access, kube, scratch: testInfo.outputPath() }, async ({ put, arrive, engine, copy }) => {
        expect(await valueOf(kube, 'one')).toBe('first');
        const added = await put('state/two.yaml', configMap('two', 'second'));
        await engine.ask();
        await arrive(added);
        expect(await valueOf(kube, 'two')).toBe('second');
        const changed = await put('state/one.yaml', configMap('one', 'other'));
        await put('state/two.yaml');
        const reverted = await copy.revert([changed]);
        await copy.push();
        await engine.ask();
        await arrive(reverted);
        expect(await valueOf(kube, 'one')).toBe('first');
        await expect.poll(() => valueOf(kube, 'two')).toBeUndefined();
      }),
    );
  });

  test('should let no desired state write outside of its namespace', async ({ cluster, options, kube }, testInfo) => {
    await withFlux({ cluster, options }, (access) =>
      follow({ cluster: access, kube, scratch: testInfo.outputPath() }, async ({ put, engine }) => {
        const role =
          'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: from-git }\nrules: []\n';
        const commit = await put('state/role.yaml', role);
        await engine.ask();
        await expect
          .poll(async () => (await engine.stages(commit)).refusals[0]?.message, { timeout: LIMIT_MS })
          .toMatch(/clusterroles.*forbidden/);
        await expect(kube.get(kinds.clusterRole, { name: 'from-git' })).rejects.toThrow('not found');
      }),
    );
  });

  test('should say why when the Git server is away, and go on when it is back', async ({
    cluster,
    options,
    kube,
  }, testInfo) => {
    await withFlux({ cluster, options }, (access) =>
      follow({ cluster: access, kube, scratch: testInfo.outputPath() }, async ({ put, arrive, engine, remote }) => {
        await remote.outage?.begin();
        const commit = await put('state/one.yaml', configMap('one', 'while away'));
        await engine.ask();
        await expect
          .poll(async () => (await engine.status())[0]?.message, { timeout: LIMIT_MS })
          .toMatch(/connection refused/);
        expect(await valueOf(kube, 'one')).toBe('first');
        await remote.outage?.end();
        await arrive(commit);
        expect(await valueOf(kube, 'one')).toBe('while away');
      }),
    );
  });

  test('should give up a folder that cannot be built, with the reason', async ({
    cluster,
    options,
    kube,
  }, testInfo) => {
    await withFlux({ cluster, options }, (access) =>
      follow({ cluster: access, kube, scratch: testInfo.outputPath() }, async ({ put, arrive, engine }) => {
        const commit = await put('state/one.yaml', 'kind: [');
        await engine.ask();
        await expect(arrive(commit)).rejects.toThrow(/Kustomization\/desired-state: BuildFailed/);
        expect(await valueOf(kube, 'one')).toBe('first');
      }),
    );
  });

  test('should let the namespace go in the middle of an installation', async ({
    cluster,
    options,
    namespace,
  }, testInfo) => {
    const { kube } = namespace;
    await withFlux({ cluster, options }, (access) =>
      follow({ cluster: access, kube, scratch: testInfo.outputPath() }, async ({ put, engine, copy }) => {
        mkdirSync(join(copy.folder, 'charts/endless/templates'), { recursive: true });
        writeFileSync(
          join(copy.folder, 'charts/endless/Chart.yaml'),
          'apiVersion: v2\nname: endless\nversion: 1.0.0\n',
        );
        // On no node: it never gets ready, and goes as soon as it is asked to.
        const pod = { containers: [{ name: 'a', image: 'registry.invalid/a:1' }], nodeSelector: { node: 'none' } };
        const manifest = JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'endless' }, spec: pod });
        writeFileSync(join(copy.folder, 'charts/endless/templates/pod.yaml'), manifest);
        const release = {
          apiVersion: 'helm.toolkit.fluxcd.io/v2',
          kind: 'HelmRelease',
          metadata: { name: 'endless' },
          spec: {
            interval: '1m',
            timeout: '10m',
            serviceAccountName: 'gitops',
            chart: { spec: { chart: 'charts/endless', sourceRef: { kind: 'GitRepository', name: 'desired-state' } } },
          },
        };
        await put('state/release.yaml', JSON.stringify(release));
        await engine.ask();
        // Helm has made the pod and waits for it, as Flux would for ten minutes.
        await expect.poll(async () => (await kube.list(kinds.pod)).items.length, { timeout: LIMIT_MS }).toBe(1);
        await namespace.dispose({ timeoutMs: 60_000 });
        await expect(new Kube(kube.config).get(kinds.namespace, { name: namespace.name })).rejects.toThrow('not found');
      }),
    );
  });
});

test.describe('Rights for GitOps', { tag: '@full' }, () => {
  const rulesOf = (name: string) => {
    const file = join(import.meta.dirname, '../../../helpers/cluster/kubeconfig', name);
    return (parse(readFileSync(file, 'utf8')) as { rules: Rules }).rules;
  };

  test('should be told when they are missing, and be enough for Flux to follow a branch', async ({
    cluster,
    options,
    kube,
    run,
  }, testInfo) => {
    await withFlux({ cluster, options }, async (access) => {
      await withRights(rulesOf('cluster-role.yaml'), { cluster, kube, run }, async (config) => {
        await expect(demandRights(config, 'cluster-role-flux.yaml')).rejects.toThrow(/clusterroles\.rbac.*bind/);
      });
      const all = [...rulesOf('cluster-role.yaml'), ...rulesOf('cluster-role-flux.yaml')];
      await withRights(all, { cluster, kube, run }, async (config) => {
        await expect.poll(() => missingRights(config, 'cluster-role-flux.yaml')).toEqual([]);
        const limited = new Kube(config, kube.namespace);
        await follow({ cluster: access, kube: limited, scratch: testInfo.outputPath() }, async ({ engine }) => {
          expect(await valueOf(limited, 'one')).toBe('first');
          await engine.forget();
        });
      });
    });
  });
});
