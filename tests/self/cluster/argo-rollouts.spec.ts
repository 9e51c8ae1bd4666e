import { expect, test } from '../../../fixtures/test.ts';
import { progressOf } from '../../../helpers/experiments/argo/progress.ts';
import { applyObjects } from '../../../helpers/kubernetes/apply.ts';
import { argoKinds } from '../../../helpers/kubernetes/argo.ts';
import { kinds } from '../../../helpers/kubernetes/resources.ts';
import type { KubeObject } from '../../../helpers/kubernetes/resources.ts';
import { PATIENCE_MS, webImage, webTemplate, withParts } from './web.ts';

const argo = (kind: string, name: string, spec: object) =>
  ({ apiVersion: 'argoproj.io/v1alpha1', kind, metadata: { name }, spec }) as KubeObject;

const namespaceArgument = { name: 'namespace', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } };

/** Asks the new pods how they are. */
const analysis = argo('AnalysisTemplate', 'state', {
  args: [{ name: 'namespace' }],
  metrics: [
    {
      name: 'state',
      successCondition: 'toJSON(result) contains "good"',
      provider: { web: { url: 'http://web-canary.{{args.namespace}}.svc/state.json' } },
    },
  ],
});

function rollout(version: string, state: string, image: string): KubeObject {
  return argo('Rollout', 'web', {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    strategy: {
      canary: {
        canaryService: 'web-canary',
        stableService: 'web-stable',
        maxSurge: 1,
        maxUnavailable: 0,
        steps: [{ setWeight: 50 }, { analysis: { templates: [{ templateName: 'state' }], args: [namespaceArgument] } }],
      },
    },
    template: webTemplate({ image, files: { 'state.json': `{"state":"${state}"}` }, labels: { app: 'web', version } }),
  });
}

test.describe('Argo Rollouts', { tag: '@full' }, () => {
  test('should bring in a version whose analysis succeeds, and turn one back whose analysis fails', async ({
    cluster,
    options,
    kube,
  }) => {
    await withParts(['argo-rollouts'], { cluster, options }, async (access) => {
      const image = await webImage({ cluster: access, options });
      const ports = [{ name: 'http', port: 80, targetPort: 8080 }];
      for (const name of ['web-canary', 'web-stable'])
        await kube.create(kinds.service, { metadata: { name }, spec: { selector: { app: 'web' }, ports } });
      const progress = async () => progressOf(await kube.get(argoKinds.rollout, { name: 'web' }));
      const versions = async () => {
        const { items } = await kube.list(kinds.pod);
        const staying = items.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
        return staying.map(({ metadata }) => metadata?.labels?.version).sort();
      };
      const limit = { timeout: PATIENCE_MS };

      await applyObjects(kube, [analysis, rollout('v1', 'good', image)]);
      await expect.poll(progress, limit).toMatchObject({ healthy: true });
      await applyObjects(kube, [rollout('v2', 'good', image)]);
      await expect.poll(progress, limit).toMatchObject({ healthy: true });
      await expect.poll(versions, limit).toEqual(['v2', 'v2']);

      await applyObjects(kube, [rollout('v3', 'ill', image)]);
      await expect.poll(progress, limit).toMatchObject({ aborted: expect.stringContaining('state') });
      await expect.poll(versions, limit).toEqual(['v2', 'v2']);
    });
  });
});
