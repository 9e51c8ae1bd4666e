import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { ADDRESS_ANNOTATION, chooseAddress, ownAddress } from '../../../../helpers/cluster/own-address.ts';

const pool = Array.from({ length: 8 }, (_, index) => `10.199.0.${String(100 + index)}`);
const service = (name: string, address: string) => ({
  metadata: { namespace: 'trial', name, annotations: { [ADDRESS_ANNOTATION]: address } },
});

test.describe('the address of a load balancer', { tag: '@static' }, () => {
  test('should be one that no other Service has, and stay', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: pool.length }), (names) => {
        const made: ReturnType<typeof service>[] = [];
        for (const name of names) made.push(service(name, chooseAddress(pool, made, { namespace: 'trial', name })));
        const addresses = made.map(({ metadata }) => metadata.annotations[ADDRESS_ANNOTATION]);
        expect(new Set(addresses).size).toBe(names.length);
        for (const [index, name] of names.entries())
          expect(chooseAddress(pool, made, { namespace: 'trial', name })).toBe(addresses[index]);
      }),
    );
  });

  test('should be another one in most of the namespaces that come one after the other', () => {
    const addresses = Array.from({ length: 100 }, (_, index) =>
      chooseAddress(pool, [], { namespace: `seatrial-${String(index)}`, name: 'iris' }),
    );
    const same = addresses.filter((address, index) => address === addresses[index - 1]);
    expect(same.length).toBeLessThan(30);
  });

  test('should not be one that the cluster gave to a Service that asked for none', () => {
    const given = pool.slice(1).map((ip) => ({ metadata: {}, status: { loadBalancer: { ingress: [{ ip }] } } }));
    expect(chooseAddress(pool, given, { namespace: 'trial', name: 'iris' })).toBe(pool[0]);
    const all = pool.map((ip) => ({ metadata: {}, status: { loadBalancer: { ingress: [{ ip }] } } }));
    expect(() => chooseAddress(pool, all, { namespace: 'trial', name: 'iris' })).toThrow(
      'all 8 addresses for load balancers are taken',
    );
  });

  test('should be left to the cluster where nobody may choose', async () => {
    const elsewhere = { kubeconfig: '/nowhere', context: 'theirs' };
    expect(await ownAddress(elsewhere, { namespace: 'trial', name: 'iris' })).toEqual({});
  });
});
