import { expect, test } from '@playwright/test';
import { failureInconsistencies, failuresSchema } from '../../../../helpers/target/failures.ts';

const declared = {
  releases: [{ name: 'gateway', chart: { path: 'charts/gateway' }, values: [], set: {}, timeout: '10m' }],
  secrets: [{ name: 'gateway-secrets', keys: { POSTGRES_PASSWORD: { random: 32 } } }],
};

function mistakesOf(failures: object): string[] {
  const all = failureInconsistencies({ ...declared, failures: failuresSchema.parse(failures) });
  return all.map(({ path, what, fix }) => `${path.join('.')}: ${what}; ${fix}`);
}

test.describe('failures in target.yaml', { tag: '@static' }, () => {
  test('should name what is declared elsewhere in the file', () => {
    const badConfiguration = { release: 'gateway', set: { 'config.PORT': 'none' } };
    const secret = { secret: 'gateway-secrets', key: 'POSTGRES_PASSWORD' };
    expect(mistakesOf({ gateway: 'Deployment/gateway', badConfiguration, secret })).toEqual([]);
    expect(mistakesOf({})).toEqual([]);
  });

  test('should be told all mistakes at once, with what was meant', () => {
    const badConfiguration = { release: 'gatewy', set: {} };
    const secret = { secret: 'gateway-secrets', key: 'POSTGRES_PASWORD' };
    expect(mistakesOf({ badConfiguration, secret })).toEqual([
      expect.stringMatching(/^failures\.badConfiguration\.release: There is no release "gatewy"; .*gateway/),
      expect.stringMatching(/^failures\.secret\.key: There is no key "POSTGRES_PASWORD"; .*POSTGRES_PASSWORD/),
    ]);
    expect(mistakesOf({ secret: { secret: 'none', key: 'x' } })).toHaveLength(1);
  });

  test('should name workloads that can be broken and mended', () => {
    expect(failuresSchema.safeParse({ gateway: 'gateway' }).success).toBe(false);
    expect(failuresSchema.safeParse({ gateway: 'DaemonSet/gateway' }).success).toBe(false);
    expect(failuresSchema.safeParse({ database: 'StatefulSet/postgres' }).success).toBe(true);
  });
});
