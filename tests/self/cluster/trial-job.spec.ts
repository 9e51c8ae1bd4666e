import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { parse, stringify } from 'yaml';
import { expect, test } from '../../../fixtures/test.ts';
import type { ClusterAccess } from '../../../helpers/cluster/provider.ts';
import { ensureParts } from '../../../helpers/cluster/ensure.ts';
import { filesBelow } from '../../../helpers/files.ts';
import { publishImages } from '../../../helpers/experiments/images.ts';
import { publishImage } from '../../../helpers/images/publish.ts';
import { buildSuiteImage } from '../../../helpers/images/suite.ts';
import { kinds } from '../../../helpers/kubernetes/resources.ts';
import type { ImageLocations } from '../../../helpers/target/placeholders.ts';
import type { RunVerdict } from '../../../helpers/verdict/types.ts';

const root = join(import.meta.dirname, '../../..');

/** What deploying a target and calling it takes of its declaration. */
const DEPLOYING = ['apiVersion', 'kind', 'name', 'kubernetesVersions', 'secrets', 'releases', 'mcp'];

/** A target that brings images of its own, as one whose images have been pushed: its files, by path. */
function withPublished(folder: string, images: ImageLocations): Map<string, string> {
  const declared = parse(readFileSync(join(folder, 'target.yaml'), 'utf8')) as Record<string, unknown>;
  const text = stringify(Object.fromEntries(DEPLOYING.map((field) => [field, declared[field]])));
  const located = text.replaceAll(
    /\$\{images\.([\w-]+)\.(repository|tag)\}/g,
    (whole, name: string, what: 'repository' | 'tag') => images[name]?.[what] ?? whole,
  );
  const files = filesBelow(folder).filter((path) => /^(charts|values)\//.test(path));
  return new Map([
    ['target.yaml', located],
    ...files.map((path) => [path, readFileSync(join(folder, path), 'utf8')] as const),
  ]);
}

function registryOf({ registry, crane }: ClusterAccess) {
  if (registry === undefined || crane === undefined) throw new Error('this cluster has no registry to push to');
  return { registry, crane };
}

test.describe('The trial as a Job inside the cluster', { tag: '@full' }, () => {
  // Building the image of the suite takes minutes, the first time.
  test.describe.configure({ timeout: 30 * 60_000 });

  test('should pass a gate with the committed rights alone, and hand over its reports', async ({
    cluster: booted,
    options,
    run,
    target,
    kube,
    helm,
    progress,
  }, testInfo) => {
    const cluster = await ensureParts(booted, ['kubectl'], { options, progress });
    const { registry, crane } = registryOf(cluster);
    const { cacheFolder } = options;
    const images = await publishImages(target, { run, cluster, cacheFolder, progress });
    const suite = await buildSuiteImage({ cacheFolder, progress });
    await publishImage(suite, { crane, registry: registry.push, progress });

    const files = withPublished(target.folder, images);
    const keys = [...files].map(([path, text], index) => ({ key: `file-${String(index)}`, path, text }));
    const data = Object.fromEntries(keys.map(({ key, text }) => [key, text]));
    await kube.create(kinds.configMap, { metadata: { name: 'target' }, data });
    const values = testInfo.outputPath('values.json');
    writeFileSync(
      values,
      JSON.stringify({
        image: { repository: `${registry.pull}/seatrial`, tag: suite.tag },
        target: { volume: { configMap: { name: 'target', items: keys.map(({ key, path }) => ({ key, path })) } } },
        args: ['--grep', 'Gate: Helm deployment'],
        // What a little cluster has to spare.
        resources: { requests: { cpu: '100m' } },
      }),
    );
    const chart = await helm.resolve({ path: 'charts/seatrial' }, root);
    await helm.install({ name: 'trial', chart, files: [values] });

    const kubectl = (...args: string[]) =>
      execa(cluster.kubectl ?? 'kubectl', [
        ...['--kubeconfig', cluster.kubeconfig, '--context', cluster.context, '--namespace', kube.namespace ?? ''],
        ...args,
      ]);
    const { stdout: pod } = await kubectl('get', 'pods', '--selector', 'job-name=trial-seatrial-1', '--output', 'name');
    await kubectl('wait', '--for=condition=Ready', '--timeout=25m', pod);
    const { stdout: log } = await kubectl('logs', pod);
    await testInfo.attach('log of the trial', { body: log });
    const results = testInfo.outputPath('results');
    await kubectl('cp', `${pod.replace('pod/', '')}:/results`, results);
    await kubectl('exec', pod, '--', 'touch', '/results/.fetched');
    await kubectl('wait', '--for=condition=Complete', '--timeout=2m', 'job/trial-seatrial-1');

    expect(log).toContain('1 passed, 0 failed');
    const [verdict = ''] = filesBelow(results).filter((path) => /^runs\/[^/]+\/verdict\.json$/.test(path));
    const { standards } = JSON.parse(readFileSync(join(results, verdict), 'utf8')) as RunVerdict;
    const gate = standards.flatMap(({ items }) => items).find(({ id }) => id === 'gate-helm-deployment');
    expect(gate?.status).toBe('pass');
    await helm.uninstall('trial');
  });
});
