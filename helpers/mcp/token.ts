import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { UserError } from '../errors.ts';
import type { TargetDeclaration } from '../target/schema.ts';

/** Values of the Secrets of a trial namespace, by name and key. */
export type SecretValues = ReadonlyMap<string, Readonly<Record<string, string>>>;

/**
 * The bearer token that the target asks for: from the environment, from a Secret, or a JSON Web Token signed here (HS256). Undefined
 * when it asks for none.
 * @throws UserError when the variable or the Secret's key is not there.
 */
export async function tokenFor(
  auth: TargetDeclaration['mcp']['auth'],
  { secrets, env = process.env }: { secrets: SecretValues; env?: Readonly<Record<string, string | undefined>> },
): Promise<string | undefined> {
  if ('none' in auth) return undefined;
  if ('bearer' in auth) {
    const { bearer } = auth;
    return 'env' in bearer ? fromEnvironment(bearer.env, env) : fromSecret(bearer, secrets, 'mcp.auth.bearer');
  }
  const { jwt } = auth;
  return new SignJWT(jwt.claims)
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt()
    .setExpirationTime(jwt.expiresIn)
    .setJti(randomUUID())
    .sign(new TextEncoder().encode(fromSecret(jwt, secrets, 'mcp.auth.jwt')));
}

function fromEnvironment(name: string, env: Readonly<Record<string, string | undefined>>): string {
  const value = env[name];
  if (value !== undefined && value !== '') return value;
  throw new UserError({
    what: `The environment variable ${name}, which holds the token, is not set`,
    where: 'mcp.auth.bearer.env',
    fix: `set ${name}`,
  });
}

function fromSecret({ secret, key }: { secret: string; key: string }, secrets: SecretValues, where: string): string {
  const value = secrets.get(secret)?.[key];
  if (value !== undefined) return value;
  throw new UserError({
    what: `The target declares no Secret "${secret}" with the key "${key}"`,
    where,
    fix: `add it under secrets, or name one of ${[...secrets.keys()].join(', ') || 'them'}`,
  });
}
