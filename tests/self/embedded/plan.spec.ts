import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { partFolder } from '../../../helpers/cluster/embedded/build.ts';
import { isAtLeast } from '../../../helpers/cluster/embedded/go.ts';
import { layout, nodeLayout } from '../../../helpers/cluster/embedded/layout.ts';
import { part, partNames } from '../../../helpers/cluster/embedded/parts.ts';

test.describe('plan of the embedded cluster', { tag: '@static' }, () => {
  test('should compare versions by their numbers', () => {
    const number = fc.nat({ max: 99 });
    fc.assert(
      fc.property(fc.tuple(number, number, number), fc.tuple(number, number, number), (have, want) => {
        const expected = have.map((n, i) => n - (want[i] ?? 0)).find((difference) => difference !== 0) ?? 0;
        expect(isAtLeast(`go${have.join('.')}`, want.join('.'))).toBe(expected >= 0);
      }),
    );
    expect(isAtLeast('go1.26', '1.26.6')).toBe(false);
    expect(isAtLeast('', '1.21')).toBe(false);
  });

  test('should give no address to two parts of the cluster', () => {
    const cluster = layout({ stateFolder: '/state', cacheFolder: '/cache', network: '10.199' });
    const nodes = Array.from({ length: 9 }, (_, i) => nodeLayout(cluster, '10.199', i + 1));
    const { host, infra, dns, kubernetesService } = cluster.addresses;
    const all = [
      host,
      infra,
      dns,
      kubernetesService,
      ...nodes.flatMap(({ address, podSubnet }) => [address, podSubnet]),
    ];
    expect(new Set(all).size).toBe(all.length);
    // Pods are the only addresses that kube-proxy does not masquerade: no node may be among them.
    const third = (address: string) => Number(address.split('.')[2]);
    expect(nodes.every(({ podSubnet }) => third(podSubnet) >= 16 && third(podSubnet) < 32)).toBe(true);
    expect(nodes.every(({ address }) => third(address) < 16)).toBe(true);
  });

  test('should give every part a folder of its own that depends on the cache folder', () => {
    const folders = partNames.map((name) => partFolder('/cache', part(name)));
    expect(new Set(folders).size).toBe(partNames.length);
    expect(folders.every((folder) => folder.startsWith('/cache/bin/'))).toBe(true);
  });

  test('should change a part’s key with its flags and with nothing outside it', () => {
    const kubernetes = part('kubernetes');
    expect(partFolder('/cache', kubernetes)).toBe(partFolder('/cache', part('kubernetes')));
    expect(partFolder('/cache', { ...kubernetes, ldflags: ['-X a=b'] })).not.toBe(partFolder('/cache', kubernetes));
  });
});
