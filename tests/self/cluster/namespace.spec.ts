import { HttpMethod } from '@kubernetes/client-node';
import { expect, test } from '../../../fixtures/test.ts';
import { Kube } from '../../../helpers/kubernetes/kube.ts';
import { labels } from '../../../helpers/kubernetes/labels.ts';
import { createNamespace, removeNamespace } from '../../../helpers/kubernetes/namespace.ts';
import { kinds } from '../../../helpers/kubernetes/resources.ts';
import { History } from '../../../helpers/history/history.ts';

test.describe('A trial namespace', { tag: '@smoke' }, () => {
  test('should be usable at once and bear the labels of its run, test and owner', async ({ kube, namespace, run }) => {
    const { metadata } = await kube.get(kinds.namespace, { name: namespace.name });
    expect(namespace.name).toMatch(/^seatrial-/);
    expect(metadata?.labels?.[labels.run]).toBe(run.id);
    expect(metadata?.labels?.[labels.test]).toContain('should-be-usable');
    expect(metadata?.labels?.[labels.owner]).toContain(String(run.owner));
    await kube.get(kinds.serviceAccount, { name: 'default' });
    await kube.get(kinds.configMap, { name: 'kube-root-ca.crt' });
    const pod = { metadata: { name: 'first' }, spec: { containers: [{ name: 'c', image: 'example.invalid/none:1' }] } };
    expect((await kube.create(kinds.pod, pod)).metadata?.uid).toBeTruthy();
  });

  test('should be verified gone after its disposal, which may be asked for twice', async ({ cluster, run }) => {
    const kube = Kube.connect(cluster);
    const namespace = await createNamespace(kube, { run: run.id, test: 'disposal', owner: run.owner });
    await namespace.dispose();
    await namespace.dispose();
    await expect(kube.get(kinds.namespace, { name: namespace.name })).rejects.toMatchObject({ status: 404 });
  });

  test('should name what keeps it from going, with its finalizers', async ({ cluster, run }) => {
    const kube = Kube.connect(cluster);
    const namespace = await createNamespace(kube, { run: run.id, test: 'finalizer', owner: run.owner });
    const bound = kube.within(namespace.name);
    const metadata = { name: 'stuck', finalizers: ['seatrial.dev/never'] };
    await bound.create(kinds.configMap, { metadata });
    const disposal = removeNamespace(
      kube,
      { metadata: { name: namespace.name, uid: await uidOf(kube, namespace.name) } },
      { timeoutMs: 3000 },
    );
    await expect(disposal).rejects.toThrow(/ConfigMap\/stuck \(finalizers: seatrial\.dev\/never\)/);

    await bound.patch(kinds.configMap, { name: 'stuck' }, { metadata: { finalizers: null } });
    await namespace.dispose();
  });

  test('should not be deleted without the label, whatever its name', async ({ cluster }) => {
    const kube = Kube.connect(cluster);
    const created = await kube.create(kinds.namespace, { metadata: { generateName: 'seatrial-' } });
    const name = created.metadata?.name ?? '';
    await expect(removeNamespace(kube, created)).rejects.toThrow(/not Seatrial's to delete/);
    expect((await kube.get(kinds.namespace, { name })).metadata?.deletionTimestamp).toBeUndefined();
    await kube.request(`/api/v1/namespaces/${name}`, { method: HttpMethod.DELETE });
  });

  test('should leave every write in the history', async ({ cluster, run, history }) => {
    const kube = Kube.connect(cluster);
    const namespace = await createNamespace(kube, { run: run.id, test: 'history', owner: run.owner, history });
    await namespace.dispose();
    const writes = History.read(history.file)?.writes.map(({ verb, object }) => `${verb} ${object}`);
    expect(writes).toEqual([`create Namespace/${namespace.name}`, `delete Namespace/${namespace.name}`]);
  });
});

async function uidOf(kube: Kube, name: string): Promise<string> {
  return (await kube.get(kinds.namespace, { name })).metadata?.uid ?? '';
}
