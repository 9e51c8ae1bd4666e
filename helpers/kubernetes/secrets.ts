import { randomInt } from 'node:crypto';
import { UserError } from '../errors.ts';
import type { HistoryWriter } from '../history/history.ts';
import type { TargetDeclaration } from '../target/schema.ts';
import type { Kube } from './kube.ts';
import type { Redactor } from './redact.ts';
import { kinds } from './resources.ts';

type SecretDeclaration = TargetDeclaration['secrets'][number];
type Source = SecretDeclaration['keys'][string];

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * Makes the Secrets that the target declares, in the namespace that `kube` is bound to.
 * @returns their values by name and key; those that are secret are known to the redactor from before the first is sent.
 * @throws UserError when an environment variable that holds a value is not set.
 */
export async function createSecrets(
  kube: Kube,
  declarations: readonly SecretDeclaration[],
  {
    redactor,
    history,
    env = process.env,
  }: { redactor: Redactor; history: HistoryWriter; env?: Readonly<Record<string, string | undefined>> },
): Promise<Map<string, Record<string, string>>> {
  const secrets = new Map(
    declarations.map(({ name, keys }) => {
      const values = Object.entries(keys).map(([key, source]) => [
        key,
        valueOf(source, `secrets ${name}.${key}`, env, redactor),
      ]);
      return [name, Object.fromEntries(values) as Record<string, string>];
    }),
  );
  for (const [name, stringData] of secrets) {
    history.write('create', `Secret/${name}`, kube.namespace);
    await kube.create(kinds.secret, { metadata: { name }, stringData });
  }
  return secrets;
}

function valueOf(
  source: Source,
  where: string,
  env: Readonly<Record<string, string | undefined>>,
  redactor: Redactor,
): string {
  if ('value' in source) return source.value;
  const value = 'random' in source ? randomText(source.random) : env[source.env];
  if (value === undefined || value === '') {
    const variable = 'env' in source ? source.env : '';
    throw new UserError({
      what: `The environment variable ${variable} is not set`,
      where,
      fix: `set ${variable} to the secret's value`,
    });
  }
  redactor.add(value);
  return value;
}

/** Letters and digits, each as likely as the others. */
function randomText(length: number): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}
