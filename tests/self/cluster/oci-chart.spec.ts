import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from '../../../fixtures/test.ts';
import type { ClusterAccess } from '../../../helpers/cluster/provider.ts';
import { UserError } from '../../../helpers/errors.ts';
import { Helm } from '../../../helpers/helm/helm.ts';

const folder = join(import.meta.dirname, '../../../fixtures/targets/contextforge/charts/custom-server');
const VERSION = '1.36';

interface Published {
  /** Helm with a home of its own: nothing was pulled into it yet. */
  helm: Helm;
  oci: string;
  version: string;
  /** What the registry calls the content. */
  digest: string;
}

/** Packages the chart and pushes it to the cluster's registry, as an author of charts does. */
async function publish({ helm }: ClusterAccess, push: string, scratch: string): Promise<Omit<Published, 'helm'>> {
  const version = '1.0.0-oci.1';
  await execa(helm, ['package', folder, '--version', version, '--destination', scratch]);
  const archive = join(scratch, `custom-server-${version}.tgz`);
  // Helm tells the digest on stderr or stdout, by version.
  const { all } = await execa(helm, ['push', archive, `oci://${push}/charts`, '--plain-http'], { all: true });
  const digest = /Digest: (sha256:[0-9a-f]{64})/.exec(all)?.[1] ?? '';
  return { oci: `oci://${push}/charts/custom-server`, version, digest };
}

/** Has the chart in the cluster's registry; a cluster that brings none says nothing of one, and there is nothing to try. */
async function withChart(
  cluster: ClusterAccess,
  scratch: string,
  work: (published: Published) => Promise<void>,
): Promise<void> {
  if (cluster.registry === undefined) {
    expect(cluster.provider).not.toBe('embedded');
    expect(cluster.parts).not.toContain('registry');
    return;
  }
  const published = await publish(cluster, cluster.registry.push, scratch);
  // Nothing of this asks the cluster: any namespace will do.
  await work({ helm: Helm.on(cluster, { namespace: 'default', home: join(scratch, 'home') }), ...published });
}

test.describe('A chart in an OCI registry', { tag: '@smoke' }, () => {
  test('should be pulled from the cluster’s own registry, linted and rendered', async ({ cluster }, testInfo) => {
    await withChart(cluster, testInfo.outputPath(), async ({ helm, oci, version, digest }) => {
      const chart = await helm.resolve({ oci, version }, testInfo.outputPath());

      expect(chart).toMatchObject({ name: 'custom-server', version, source: `${oci}:${version}`, digest });
      const release = { name: 'trial', chart, set: { existingSecret: 'trial-secrets' } };
      expect(await helm.lint(release, VERSION)).toMatchObject({ errors: 0 });
      const manifest = await helm.template(release, VERSION);
      expect(manifest).toContain('kind: Deployment');
      expect(manifest).toContain(`helm.sh/chart: custom-server-${version}`);
      expect(await helm.isRefusedBySchema({ ...release, set: { replicaCount: 'two' } }, VERSION)).toBe(true);
    });
  });

  test('should be missed in a wrong version with its place and the fix', async ({ cluster }, testInfo) => {
    await withChart(cluster, testInfo.outputPath(), async ({ helm, oci }) => {
      const resolving = helm.resolve({ oci, version: '9.9.9' }, testInfo.outputPath());

      await expect(resolving).rejects.toThrow(UserError);
      await expect(resolving).rejects.toMatchObject({
        mistakes: [
          {
            what: expect.stringContaining('does not exist in that version'),
            where: `${oci}:9.9.9`,
            fix: expect.stringContaining('correct name and version'),
          },
        ],
      });
    });
  });
});
