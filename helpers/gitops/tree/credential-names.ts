/** Last words of names whose values are credentials. */
const CREDENTIALS = [
  'password',
  'passwd',
  'passphrase',
  'pwd',
  'token',
  'secret',
  'apikey',
  'credential',
  'credentials',
  'dsn',
];

/** `key` is one when one of these stands before it; a `passwordKey` is the name of a key. */
const KEYS = ['api', 'private', 'access', 'signing', 'encryption', 'master', 'account', 'shared', 'secret', 'auth'];

/** A `tlsSecret` or `pullSecret` is the name of a Secret. */
const NAMES_A_SECRET = ['tls', 'cert', 'certificate', 'ca', 'pull', 'registry', 'existing'];

/** `existingApiKeySecret` → existing, api, key, secret. */
function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** Whether the value of a field or variable of this name is a credential, going by the name. */
export function isCredentialName(name: string): boolean {
  const words = wordsOf(name);
  const [last = '', before = ''] = words.toReversed();
  if (words.includes('existing')) return false;
  if (last === 'secret') return !words.some((word) => NAMES_A_SECRET.includes(word));
  if (last === 'key') return KEYS.includes(before);
  return CREDENTIALS.includes(last) || (last === 'string' && before === 'connection');
}

/** Whether a field of this name holds the name of a Secret. */
export function namesASecret(name: string): boolean {
  const words = wordsOf(name);
  const last = words.at(-1);
  if (words.includes('existing')) return last === 'secret' || (last === 'name' && words.includes('secret'));
  return (
    words.join(' ') === 'secret name' ||
    words.join(' ').endsWith(' secret name') ||
    words.join(' ') === 'image pull secret'
  );
}

/** Words that no credential is. */
const PLAIN = /^(true|false|yes|no|on|off|none|null|enabled|disabled|auto|default|\s*)$/i;

/** Whether a value is a literal one: not a variable, a template, or text that was encrypted. */
export function isLiteral(value: unknown): value is string | number {
  if (typeof value === 'number') return true;
  if (typeof value !== 'string' || PLAIN.test(value)) return false;
  return !/^\$\{[^}]*\}$|^\$\([^)]*\)$|\{\{.*\}\}|^ENC\[/.test(value.trim());
}
