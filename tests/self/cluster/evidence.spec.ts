import { expect, test } from '../../../fixtures/test.ts';
import { collect } from '../../../helpers/kubernetes/collect.ts';
import { MASK } from '../../../helpers/kubernetes/secret-shapes.ts';
import { kinds } from '../../../helpers/kubernetes/resources.ts';
import { createSecrets } from '../../../helpers/kubernetes/secrets.ts';
import { History } from '../../../helpers/history/history.ts';
import { resolveEndpoint } from '../../../helpers/mcp/endpoint.ts';

test.describe('Evidence of a failure', { tag: '@smoke' }, () => {
  test('should hold events, explanation and objects, and no secret', async ({ kube, namespace, redactor, history }) => {
    const declared = [{ name: 'login', keys: { password: { random: 20 }, user: { value: 'admin' } } }];
    const secrets = await createSecrets(kube, declared, { redactor, history });
    const password = secrets.get('login')?.password ?? '';
    const spec = { containers: [{ name: 'app', image: 'registry.invalid/none:1', args: [password] }] };
    await kube.create(kinds.pod, { metadata: { name: 'trial' }, spec });

    const artifacts = await collect(kube, namespace.name, redactor);

    expect(artifacts.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['explanation.txt', 'events.txt', 'objects.yaml']),
    );
    const text = artifacts.map(({ body }) => body).join('\n');
    expect(text).toContain('name: trial');
    expect(text).toContain(MASK);
    expect(password).toHaveLength(20);
    expect(text).not.toContain(password);
    expect(text).not.toContain(Buffer.from(password).toString('base64'));
    expect(History.read(history.file)?.writes.map(({ verb, object }) => `${verb} ${object}`)).toContain(
      'create Secret/login',
    );
  });

  test('should be preceded by a word on a Secret whose variable is not set', async ({ kube, redactor, history }) => {
    const declared = [{ name: 'login', keys: { token: { env: 'TOKEN_OF_THE_GATEWAY' } } }];
    const creating = createSecrets(kube, declared, { redactor, history, env: {} });
    await expect(creating).rejects.toThrow(/TOKEN_OF_THE_GATEWAY is not set[\s\S]*where: secrets login\.token/);
  });
});

test.describe('The endpoint', { tag: '@smoke' }, () => {
  const ports = [{ name: 'http', port: 80, targetPort: 8080 }];
  const endpoint = { service: 'gateway', port: 'http', path: '/mcp' };

  test('should be a node and its port for a NodePort', async ({ kube }) => {
    const created = await kube.create(kinds.service, {
      metadata: { name: 'gateway' },
      spec: { type: 'NodePort', ports },
    });
    const nodePort = created.spec?.ports?.[0]?.nodePort ?? 0;
    const url = new URL(await resolveEndpoint(kube, endpoint));
    const nodes = await kube.list(kinds.node);
    const addresses = nodes.items.flatMap(({ status }) => status?.addresses ?? []).map(({ address }) => address);
    expect(addresses).toContain(url.hostname);
    expect(url).toMatchObject({ port: String(nodePort), pathname: '/mcp' });
    await expect(resolveEndpoint(kube, { ...endpoint, port: 'https' })).rejects.toThrow(
      /no port https[\s\S]*"http" \(80\)/,
    );
  });

  test('should be refused for a Service that only pods can reach, or that is not there', async ({ kube }) => {
    await kube.create(kinds.service, { metadata: { name: 'gateway' }, spec: { type: 'ClusterIP', ports } });
    await expect(resolveEndpoint(kube, endpoint)).rejects.toThrow(/is of type ClusterIP[\s\S]*make it a NodePort/);
    await expect(resolveEndpoint(kube, { ...endpoint, service: 'gatewai' })).rejects.toThrow(
      /no Service "gatewai"; it has gateway/,
    );
  });
});
