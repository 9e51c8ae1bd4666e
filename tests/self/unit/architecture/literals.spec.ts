import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { connectionOf, literalOf } from '../../../../helpers/architecture/literals.ts';
import { normaliseWorkload } from '../../../../helpers/architecture/normalise.ts';

test.describe('values of an environment', { tag: '@static' }, () => {
  for (const [value, literal] of [
    ['', 'empty'],
    ['3600', 'number'],
    ['true', 'switch'],
    ['/run/secrets/password', 'path'],
    ['hunter2', 'text'],
    ['postgresql://gateway-postgres:5432/mcp', 'text'],
    ['postgresql://mcp:hunter2@db.example.com/mcp', 'password in a URL'],
    ['postgresql://mcp:$(PASSWORD)@db.example.com/mcp', 'text'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMII', 'private key'],
  ] as const) {
    test(`should take ${JSON.stringify(value)} for: ${literal}`, () => {
      expect(literalOf(value)).toBe(literal);
    });
  }

  test('should leave user and password out of a connection', () => {
    expect(connectionOf('postgresql+psycopg://mcp:hunter2@db.example.com:5432/mcp?sslmode=require&x=1')).toEqual({
      scheme: 'postgresql+psycopg',
      host: 'db.example.com',
      tls: { sslmode: 'require' },
    });
    expect(connectionOf('rediss://:hunter2@cache.example.com:6380/0')).toMatchObject({ scheme: 'rediss', tls: {} });
  });

  test('should say of what leads nowhere that there is no host', () => {
    for (const url of ['', 'not a URL', 'sqlite:///mcp.db']) expect(connectionOf(url)).toEqual({ tls: {} });
  });

  test('should not be recorded, whatever they are, nor commands', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 12, unit: 'grapheme-ascii' }), (secret) => {
        const container = { name: 'c', env: [{ name: 'A', value: secret }], command: [secret], args: [secret] };
        const spec = { selector: {}, template: { spec: { containers: [container], initContainers: [container] } } };
        const text = JSON.stringify(normaliseWorkload('Deployment', { metadata: { name: 'w' }, spec }));
        expect(text).not.toContain(JSON.stringify(secret).slice(1, -1));
      }),
    );
  });
});
