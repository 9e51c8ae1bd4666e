import { SignJWT, UnsecuredJWT } from 'jose';

/** What the gateway's token says: it is for a worker, in the first version of the protocol. */
const CLAIMS = { aud: 'worker', ver: '1' } as const;

/** How long a token is good for; each call gets one of its own. */
const LIFETIME = '60s';

/** Tokens that a worker must refuse, and the one that it must accept. `none`: no token at all. */
export type TokenKind = 'valid' | 'none' | 'foreign' | 'expired' | 'unsigned' | 'other-audience' | 'other-version';

/** All that must be refused. */
export const strangers: readonly TokenKind[] = [
  'none',
  'foreign',
  'expired',
  'unsigned',
  'other-audience',
  'other-version',
];

/** The bearer token of that kind (HS256, signed with the worker's secret); undefined for none. */
export function workerToken(kind: TokenKind, secret: string): Promise<string> | string | undefined {
  const key = (text: string) => new TextEncoder().encode(text);
  const signed = (claims: Record<string, string>, { expires = LIFETIME, by = secret } = {}) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuedAt()
      .setExpirationTime(expires)
      .sign(key(by));
  switch (kind) {
    case 'valid':
      return signed(CLAIMS);
    case 'none':
      return undefined;
    case 'foreign':
      // Of the same length, so that nothing but the signature is wrong.
      return signed(CLAIMS, { by: 'x'.repeat(Math.max(32, secret.length)) });
    case 'expired':
      return signed(CLAIMS, { expires: '-1h' });
    case 'unsigned':
      return new UnsecuredJWT(CLAIMS).setIssuedAt().setExpirationTime(LIFETIME).encode();
    case 'other-audience':
      return signed({ ...CLAIMS, aud: 'engine' });
    case 'other-version':
      return signed({ ...CLAIMS, ver: '0' });
  }
}
