import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { urlFromEnvironment } from '../../../../helpers/mcp/endpoint.ts';
import { targetSchema } from '../../../../helpers/target/schema.ts';
import { webAddress } from '../../../../helpers/target/web-address.ts';

const chart = targetSchema.shape.releases.element.shape.chart;

test.describe('addresses in target.yaml', { tag: '@static' }, () => {
  test('should hold no user names and passwords, which every report would show', () => {
    const plain = ['https://example.com', 'http://example.com:8080/mcp?a=b@c', 'https://example.com/@scope/name'];
    for (const url of plain) expect(webAddress.safeParse(url).success, url).toBe(true);
    const name = fc.stringMatching(/^[a-z0-9._~-]{1,20}$/);
    fc.assert(
      fc.property(name, name, (user, password) => {
        for (const url of [`https://${user}:${password}@example.com/mcp`, `http://${user}@example.com`]) {
          expect(webAddress.safeParse(url).success, url).toBe(false);
          expect(() => urlFromEnvironment('URL', 'mcp.endpoint.env', { URL: url })).toThrow(/which reports would show/);
        }
        const oci = `oci://${user}:${password}@registry.example.com/charts/a`;
        expect(chart.safeParse({ oci, version: '1.0.0' }).success, oci).toBe(false);
      }),
    );
  });

  test('should name charts that are no options of helm', () => {
    const named = (name: string) => chart.safeParse({ repo: 'https://charts.example.com', name, version: '1.0.0' });
    expect(named('ingress-nginx').success).toBe(true);
    for (const name of ['--post-renderer=/bin/sh', '-', '../a', 'a/b', 'a b', '', 'https://example.com/a.tgz'])
      expect(named(name).success, name).toBe(false);
  });
});
