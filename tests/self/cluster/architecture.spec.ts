import { HttpMethod } from '@kubernetes/client-node';
import { expect, test } from '../../../fixtures/test.ts';
import { readLive } from '../../../helpers/architecture/collect.ts';
import { podSecurityViolations } from '../../../helpers/architecture/compare/pod-security.ts';
import type { PodSpec } from '../../../helpers/architecture/live.ts';
import type { Architecture } from '../../../helpers/architecture/schema.ts';
import { KubeError } from '../../../helpers/kubernetes/kube.ts';
import type { Kube } from '../../../helpers/kubernetes/kube.ts';
import { kinds } from '../../../helpers/kubernetes/resources.ts';
import { allowed, forbidden } from '../unit/architecture/forbidden.ts';
import { production, workload } from '../unit/architecture/production.ts';

const PASSWORD = 'correct-horse-battery';

test.describe('What runs, as the experiment reads it', { tag: '@smoke' }, () => {
  test('should tell where stores are from variables, Secrets and ConfigMaps, and no value of them', async ({
    kube,
  }) => {
    const stringData = { DATABASE_URL: `postgresql://mcp:${PASSWORD}@db.example.com/mcp?sslmode=require` };
    await kube.create(kinds.secret, { metadata: { name: 'stores' }, stringData });
    const data = { HOST: 'cache.example.com', TLS: 'on', GREETING: `hello ${PASSWORD}` };
    await kube.create(kinds.configMap, { metadata: { name: 'stores' }, data });
    await kube.create(kinds.configMap, { metadata: { name: 'somebody-elses' }, data: { A: 'b' } });
    const container = {
      name: 'app',
      // Nothing is started: there are no replicas.
      image: 'registry.invalid/app:1',
      command: ['/app', `--password=${PASSWORD}`],
      env: [
        { name: 'DATABASE_URL', valueFrom: { secretKeyRef: { name: 'stores', key: 'DATABASE_URL' } } },
        { name: 'TOKEN', value: PASSWORD },
      ],
      envFrom: [{ prefix: 'CACHE_', configMapRef: { name: 'stores' } }],
    };
    const labels = { app: 'app' };
    const template = { metadata: { labels }, spec: { containers: [container] } };
    const spec = { replicas: 0, selector: { matchLabels: labels }, template };
    await kube.create(kinds.deployment, { metadata: { name: 'app' }, spec });

    const live = await readLive(kube, declared(), new AbortController().signal);
    expect(live.stores).toEqual([
      {
        name: 'database',
        variable: 'DATABASE_URL',
        scheme: 'postgresql',
        host: 'db.example.com',
        tls: { sslmode: 'require' },
      },
      { name: 'cache', variable: 'CACHE_HOST', host: 'cache.example.com', tls: { CACHE_TLS: 'on' } },
    ]);
    expect(live.workloads.map(({ kind, name, replicas }) => ({ kind, name, replicas }))).toEqual([
      { kind: 'Deployment', name: 'app', replicas: 0 },
    ]);
    expect(live.workloads[0]?.template.spec.containers[0]?.env).toEqual([
      { name: 'DATABASE_URL', from: 'secret/stores' },
      { name: 'TOKEN', literal: 'text' },
    ]);
    expect(live.configMaps).toEqual([{ name: 'stores', data: { HOST: 'text', TLS: 'switch', GREETING: 'text' } }]);
    expect(JSON.stringify(live)).not.toContain(PASSWORD);
  });

  test('should break the restricted profile exactly where the API server says so', async ({ kube, namespace }) => {
    const enforced = { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } } };
    await kube.patch(kinds.namespace, { name: namespace.name }, enforced);
    const verdicts = await Promise.all(
      [...allowed, ...forbidden].map(async ({ name, change }) => {
        const { spec } = workload(production().live, 'gateway').template;
        change(spec);
        return { name, ours: podSecurityViolations(spec).length > 0, theirs: await isRefused(kube, spec) };
      }),
    );
    expect(verdicts.filter(({ ours, theirs }) => ours !== theirs)).toEqual([]);
    expect(verdicts.map(({ theirs }) => theirs)).toEqual([...allowed.map(() => false), ...forbidden.map(() => true)]);
  });
});

function declared(): Architecture {
  const { declared: production_ } = production();
  const [component] = production_.components;
  if (component === undefined) throw new Error('the recording has no component');
  const store = { kind: 'other', usedBy: 'app', external: true, tls: true } as const;
  return {
    ...production_,
    components: [{ ...component, name: 'app', workload: 'Deployment/app' }],
    stores: [
      { ...store, name: 'database', connection: { url: 'DATABASE_URL' } },
      { ...store, name: 'cache', connection: { host: 'CACHE_HOST', tls: 'CACHE_TLS', tlsValues: ['on'] } },
    ],
  };
}

/** Asks without making anything. */
async function isRefused(kube: Kube, { serviceAccountName: _name, serviceAccount: _same, ...spec }: PodSpec) {
  const containers = spec.containers.map(({ env: _env, ...container }) => container);
  const body = { apiVersion: 'v1', kind: 'Pod', metadata: { generateName: 'try-' }, spec: { ...spec, containers } };
  const request = kube.request(kube.path(kinds.pod), { method: HttpMethod.POST, query: { dryRun: 'All' }, body });
  return request.then(
    () => false,
    (thrown: unknown) => {
      if (thrown instanceof KubeError && thrown.message.includes('violates PodSecurity "restricted')) return true;
      throw thrown;
    },
  );
}
