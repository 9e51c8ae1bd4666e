import { expect, test } from '../../../fixtures/test.ts';
import { namespaceCommand } from '../../../helpers/cluster/embedded/network.ts';
import type { Kube } from '../../../helpers/kubernetes/kube.ts';
import { kinds } from '../../../helpers/kubernetes/resources.ts';
import type { Service } from '../../../helpers/kubernetes/resources.ts';
import { resolveEndpoint } from '../../../helpers/mcp/endpoint.ts';
import { execa } from 'execa';
import { deployWeb, read, webImage, withParts } from './web.ts';

const CALLS = 20;
const fetchScript = 'fetch(process.argv[1]).then((response) => response.text()).then(console.log)';
/** A fair choice among three pods meets a single one in all calls once in more than a thousand million times. */
const REPLICAS = 3;

async function exposed(kube: Kube, name: string, spec: Partial<NonNullable<Service['spec']>>): Promise<string> {
  const ports = [{ name: 'http', port: 80, targetPort: 'http' }];
  const body = { type: 'LoadBalancer', selector: { deployment: 'web' }, ports, ...spec };
  await kube.create(kinds.service, { metadata: { name }, spec: body });
  const url = await resolveEndpoint(kube, { service: name, port: 'http', path: '/' });
  await expect.poll(() => read(url).catch(() => ''), { timeout: 60_000 }).not.toBe('');
  return url;
}

async function podsMet(url: string): Promise<Set<string>> {
  const met = new Set<string>();
  for (let call = 0; call < CALLS; call += 1) met.add(await read(url));
  return met;
}

test.describe('Services of type LoadBalancer', { tag: '@full' }, () => {
  test('should get an address that this machine and every node reach, and spread or keep clients as they say', async ({
    cluster,
    options,
    kube,
  }) => {
    await withParts(['load-balancer'], { cluster, options }, async (access) => {
      const image = await webImage({ cluster: access, options });
      await deployWeb(kube, { name: 'web', image, files: { 'index.html': '$HOSTNAME' }, replicas: REPLICAS });
      const spread = await exposed(kube, 'spread', {});
      const sticky = await exposed(kube, 'sticky', {
        sessionAffinity: 'ClientIP',
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } },
      });
      expect(new URL(spread).host).not.toBe(new URL(sticky).host);
      expect((await podsMet(spread)).size).toBeGreaterThan(1);
      expect((await podsMet(sticky)).size).toBe(1);
      const { items: nodes } = await kube.list(kinds.node);
      for (const { metadata } of nodes) {
        const [command, args] = namespaceCommand(metadata?.name ?? '', [
          process.execPath,
          '--eval',
          fetchScript,
          spread,
        ]);
        const { stdout } = await execa(command, args);
        expect(stdout).toMatch(/^web-/);
      }
    });
  });
});
