import { expect, test } from '../../../fixtures/test.ts';
import { meshGatewaysOf } from '../../../helpers/cluster/istio.ts';
import type { MeshGateway } from '../../../helpers/cluster/istio.ts';
import { applyObjects } from '../../../helpers/kubernetes/apply.ts';
import type { Kube } from '../../../helpers/kubernetes/kube.ts';
import { kinds } from '../../../helpers/kubernetes/resources.ts';
import type { KubeObject } from '../../../helpers/kubernetes/resources.ts';
import { resolveEndpoint } from '../../../helpers/mcp/endpoint.ts';
import { deployWeb, PATIENCE_MS, read, webImage, withParts } from './web.ts';

const CALLS = 400;
/** Six standard deviations of what 400 calls at a share of 0.1 give: outside once in five hundred million times. */
const LIKELY = { least: 4, most: 76 };

const networking = (kind: string, name: string, spec: object) =>
  ({ apiVersion: 'networking.istio.io/v1', kind, metadata: { name }, spec }) as KubeObject;

/** A host of its own, so that tests that share the gateway do not meet. */
function routes(host: string, { selector }: MeshGateway): KubeObject[] {
  const to = (subset: string, weight?: number) => ({ destination: { host: 'web', subset }, weight });
  return [
    networking('Gateway', 'web', {
      selector,
      servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: [host] }],
    }),
    networking('DestinationRule', 'web', {
      host: 'web',
      subsets: ['v1', 'v2'].map((version) => ({ name: version, labels: { version } })),
    }),
    networking('VirtualService', 'web', {
      hosts: [host],
      gateways: ['web'],
      http: [
        { match: [{ headers: { canary: { exact: 'true' } } }], route: [to('v2')] },
        { route: [to('v1', 90), to('v2', 10)] },
      ],
    }),
  ];
}

function strict(): KubeObject {
  const spec = { mtls: { mode: 'STRICT' } };
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name: 'strict' },
    spec,
  } as KubeObject;
}

/** Both versions behind one Service, each with a sidecar. */
async function deployVersions(kube: Kube, image: string): Promise<void> {
  const ports = [{ name: 'http', port: 80, targetPort: 8080 }];
  await kube.create(kinds.service, { metadata: { name: 'web' }, spec: { selector: { app: 'web' }, ports } });
  await Promise.all(
    ['v1', 'v2'].map((version) =>
      deployWeb(kube, {
        name: version,
        image,
        files: { 'index.html': version },
        labels: { app: 'web', version, 'sidecar.istio.io/inject': 'true' },
      }),
    ),
  );
}

test.describe('Istio', { tag: '@full' }, () => {
  test('should inject sidecars, split traffic by weight and by header, and refuse what is not encrypted when told to', async ({
    cluster,
    options,
    kube,
  }) => {
    await withParts(['istio'], { cluster, options }, async (access) => {
      await deployVersions(kube, await webImage({ cluster: access, options }));
      const { items: pods } = await kube.list(kinds.pod);
      for (const { spec } of pods)
        expect([...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map(({ name }) => name)).toContain(
          'istio-proxy',
        );

      const [gateway] = await meshGatewaysOf(kube);
      if (gateway === undefined) throw new Error('the mesh has no gateway');
      const host = `${kube.namespace ?? ''}.test`;
      await applyObjects(kube, routes(host, gateway));
      const endpoint = { service: gateway.service, port: 'http2', path: '/' };
      const url = await resolveEndpoint(kube.within(gateway.namespace), endpoint);
      const ask = (headers: Record<string, string> = {}) => read(url, { host, ...headers });
      await expect.poll(() => ask().catch(() => ''), { timeout: PATIENCE_MS }).toMatch(/^v[12]$/);

      const answers: string[] = [];
      for (let call = 0; call < CALLS; call += 1) answers.push(await ask());
      const second = answers.filter((answer) => answer === 'v2').length;
      expect(second).toBeGreaterThanOrEqual(LIKELY.least);
      expect(second).toBeLessThanOrEqual(LIKELY.most);
      for (let call = 0; call < 20; call += 1) expect(await ask({ canary: 'true' })).toBe('v2');

      const direct = `http://${pods[0]?.status?.podIP ?? ''}:8080/`;
      expect(await read(direct)).toMatch(/^v[12]$/);
      await applyObjects(kube, [strict()]);
      const refused = () => read(direct).then(() => 'answered', String);
      await expect.poll(refused, { timeout: PATIENCE_MS }).toMatch(/ECONNRESET|socket hang up/);
      expect(await ask({ canary: 'true' })).toBe('v2');
    });
  });
});
