import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { parse, parseAllDocuments } from 'yaml';
import { podSecurityViolations } from '../../../../helpers/architecture/compare/pod-security.ts';
import { findHelm } from '../../../../helpers/cluster/tools.ts';
import { loadOptions } from '../../../../helpers/config/options.ts';
import { namesIn } from '../../../../helpers/files.ts';
import { Helm } from '../../../../helpers/helm/helm.ts';
import type { Values } from '../../../../helpers/helm/helm.ts';
import { version } from '../../../../helpers/run/version.ts';
import { root } from '../repo/repository.ts';

const KUBERNETES = '1.36';
const committed = join(root, 'helpers/cluster/kubeconfig');
const given = { 'image.tag': 'one', 'target.path': 'fixtures/targets/arcade' };

interface Rendered {
  kind: string;
  metadata: { name: string };
  rules?: unknown;
  roleRef?: { name: string };
  spec?: { template: { spec: Pod } };
}

type Pod = Parameters<typeof podSecurityViolations>[0];

test.describe('chart seatrial, by the real helm', { tag: '@static' }, () => {
  let helm: Helm;

  test.beforeEach(async ({}, testInfo) => {
    const binary = await findHelm({ cacheFolder: loadOptions().cacheFolder, progress: () => undefined });
    helm = new Helm({ binary, home: testInfo.outputPath('home') });
  });

  async function rendered(values: Values = { set: given }): Promise<Rendered[]> {
    const chart = await helm.resolve({ path: 'charts/seatrial' }, root);
    const text = await helm.template({ name: 'trial', chart, ...values }, KUBERNETES);
    return parseAllDocuments(text).flatMap((document) => (document.toJS() as Rendered | null) ?? []);
  }

  test('should be free of findings', async () => {
    const chart = await helm.resolve({ path: 'charts/seatrial' }, root);
    expect(await helm.lint({ name: 'trial', chart, set: given }, KUBERNETES)).toMatchObject({ errors: 0, warnings: 0 });
    expect(chart).toMatchObject({ version, appVersion: version });
  });

  test('should give the rights of the committed roles, and those of parts only where they are asked for', async () => {
    for (const name of namesIn(committed).filter((file) => file.endsWith('.yaml')))
      expect(readFileSync(join(root, 'charts/seatrial/files', name), 'utf8')).toBe(
        readFileSync(join(committed, name), 'utf8'),
      );
    const rolesOf = async (set: Record<string, string | boolean>) =>
      (await rendered({ set: { ...given, ...set } })).filter(({ kind }) => kind === 'ClusterRole');
    const rules = (name: string) => (parse(readFileSync(join(committed, name), 'utf8')) as Rendered).rules;
    expect((await rolesOf({})).map((role) => role.rules)).toEqual([rules('cluster-role.yaml')]);
    const all = await rolesOf({
      'rights.flux': true,
      'rights.istio': true,
      'rights.argo-rollouts': true,
      'rights.metrics': true,
      'rights.runbooks': true,
    });
    expect(all.map((role) => role.rules)).toEqual(
      ['', '-argo-rollouts', '-flux', '-istio', '-metrics', '-runbooks'].map((part) =>
        rules(`cluster-role${part}.yaml`),
      ),
    );
    expect(new Set(all.map(({ metadata }) => metadata.name)).size).toBe(6);
  });

  test('should bind what it makes, to nobody but its own account', async () => {
    const objects = await rendered();
    expect(objects.map(({ kind }) => kind).toSorted()).toEqual([
      'ClusterRole',
      'ClusterRoleBinding',
      'Job',
      'ServiceAccount',
    ]);
    const named = (kind: string) => objects.find((object) => object.kind === kind);
    expect(named('ClusterRoleBinding')).toMatchObject({
      roleRef: { name: named('ClusterRole')?.metadata.name },
      subjects: [{ kind: 'ServiceAccount', name: named('ServiceAccount')?.metadata.name }],
    });
  });

  test('should ask for nothing that the profile "restricted" forbids', async () => {
    expect(podSecurityViolations(podOf(await rendered()))).toEqual([]);
  });

  test('should try the target of a volume, or one of the suite, on the cluster that it runs in', async () => {
    const file = test.info().outputPath('values.yaml');
    const environment = async (values: Values) => {
      const [container] = podOf(await rendered(values)).containers as { env: object[] }[];
      const env = (container?.env ?? []) as { name: string; value: string }[];
      return Object.fromEntries(env.map(({ name, value }) => [name, value]));
    };
    const own = await environment({ set: given });
    expect(own).toMatchObject({
      SEATRIAL_TARGET: '/opt/seatrial/fixtures/targets/arcade',
      SEATRIAL_PROVIDER: 'kubeconfig',
      SEATRIAL_CONTEXT: own.SEATRIAL_ALLOWED_CONTEXTS,
    });
    writeFileSync(file, 'image: { tag: one }\ntarget: { volume: { configMap: { name: mine } } }\n');
    expect((await environment({ files: [file] })).SEATRIAL_TARGET).toBe('/target');
  });

  test('should say what it lacks', async () => {
    await expect(rendered({ set: { 'target.path': 'x' } })).rejects.toThrow(/image\.tag must be the one/);
    await expect(rendered({ set: { 'image.tag': 'x' } })).rejects.toThrow(/target\.path must name a folder/);
    await expect(rendered({ set: { ...given, 'target.path': '../outside' } })).rejects.toThrow(/target/);
  });
});

function podOf(objects: readonly Rendered[]): Pod {
  const spec = objects.find(({ kind }) => kind === 'Job')?.spec;
  if (spec === undefined) throw new Error('there is no Job');
  return spec.template.spec;
}
