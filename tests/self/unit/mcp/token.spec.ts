import { expect, test } from '@playwright/test';
import { jwtVerify } from 'jose';
import { tokenFor } from '../../../../helpers/mcp/token.ts';

const key = 'a signing key that is long enough';
const secrets = new Map([['gateway', { JWT: key, TOKEN: 'from-the-secret' }]]);

test.describe('The token', { tag: '@static' }, () => {
  test('should be none where none is asked for', async () => {
    expect(await tokenFor({ none: true }, { secrets })).toBeUndefined();
  });

  test('should come from the environment or from a Secret', async () => {
    const env = { GATEWAY_TOKEN: 'from-the-environment' };
    expect(await tokenFor({ bearer: { env: 'GATEWAY_TOKEN' } }, { secrets, env })).toBe('from-the-environment');
    expect(await tokenFor({ bearer: { secret: 'gateway', key: 'TOKEN' } }, { secrets })).toBe('from-the-secret');
  });

  test('should be signed with the key of the Secret and bear the claims, issued now, expiring, unique', async () => {
    const auth = { jwt: { secret: 'gateway', key: 'JWT', claims: { sub: 'admin' }, expiresIn: '2h' } };
    const tokens = await Promise.all([1, 2].map(async () => (await tokenFor(auth, { secrets })) ?? ''));
    const [first, second] = await Promise.all(tokens.map((token) => jwtVerify(token, new TextEncoder().encode(key))));
    expect(first?.payload).toMatchObject({ sub: 'admin', iat: expect.any(Number) });
    expect((first?.payload.exp ?? 0) - (first?.payload.iat ?? 0)).toBe(7200);
    expect(first?.payload.jti).not.toBe(second?.payload.jti);
  });

  test('should be missed with the variable or the key named', async () => {
    await expect(tokenFor({ bearer: { env: 'GATEWAY_TOKEN' } }, { secrets, env: {} })).rejects.toThrow(
      /set GATEWAY_TOKEN/,
    );
    await expect(tokenFor({ bearer: { secret: 'other', key: 'K' } }, { secrets })).rejects.toThrow(
      /no Secret "other" with the key "K"/,
    );
  });
});
