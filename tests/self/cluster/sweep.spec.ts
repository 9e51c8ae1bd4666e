import { spawnSync } from 'node:child_process';
import { expect, test } from '../../../fixtures/test.ts';
import { Kube } from '../../../helpers/kubernetes/kube.ts';
import { annotations } from '../../../helpers/kubernetes/labels.ts';
import { ownerMetadata, ownerOf } from '../../../helpers/kubernetes/owner.ts';
import { kinds } from '../../../helpers/kubernetes/resources.ts';
import { sweep } from '../../../helpers/kubernetes/sweep.ts';

/** What a run whose process has ended would have marked its objects with. */
function deadOwner() {
  const { pid } = spawnSync(process.execPath, ['--version']);
  return ownerMetadata({ run: 'a-dead-run', test: 'sweep', owner: { ...ownerOf(process.pid), pid } });
}

test.describe('The sweep', { tag: '@smoke' }, () => {
  test('should remove what a dead run left, in namespaces and beside them, and nothing else', async ({
    cluster,
    run,
    progress,
  }) => {
    const kube = Kube.connect(cluster);
    const dead = deadOwner();
    const live = ownerMetadata({ run: run.id, test: 'sweep', owner: ownerOf(run.owner) });
    const { [annotations.machine]: _machine, ...elsewhere } = dead.annotations;
    const make = async (metadata: object) =>
      (await kube.create(kinds.namespace, { metadata: { generateName: 'seatrial-', ...metadata } })).metadata?.name ??
      '';
    const makeRole = async (metadata: object) =>
      (await kube.create(kinds.clusterRole, { metadata: { generateName: 'seatrial-', ...metadata }, rules: [] }))
        .metadata?.name ?? '';
    const left = [await make(dead), await makeRole(dead)];
    const kept = [
      await make(live),
      await makeRole(live),
      await make({ ...dead, annotations: elsewhere }),
      await make({}),
    ];

    const { removed, failed } = await sweep(kube, progress);

    expect(failed).toEqual([]);
    expect(removed).toEqual(expect.arrayContaining([`Namespace/${left[0] ?? ''}`, `ClusterRole/${left[1] ?? ''}`]));
    for (const name of kept) expect(removed.join()).not.toContain(name);
    await expect(kube.get(kinds.namespace, { name: left[0] ?? '' })).rejects.toMatchObject({ status: 404 });
    await expect(kube.get(kinds.clusterRole, { name: left[1] ?? '' })).rejects.toMatchObject({ status: 404 });

    await kube.delete(kinds.clusterRole, { name: kept[1] ?? '' });
    for (const name of [kept[0], kept[2], kept[3]]) await kube.delete(kinds.namespace, { name: name ?? '' });
  });
});
