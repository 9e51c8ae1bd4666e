import type { V1Container } from '@kubernetes/client-node';
import type { Kube } from '../kubernetes/kube.ts';
import { isNotFound } from '../kubernetes/kube.ts';
import { kinds } from '../kubernetes/resources.ts';
import type { Wire } from '../kubernetes/resources.ts';

type Resolve = Pick<Wire<V1Container>, 'env' | 'envFrom'>;

/**
 * The value that a container's process sees in `variable`, from wherever it comes; undefined when it is not set. It may be a secret: to be
 * taken apart, never to be recorded.
 */
export async function valueOf(
  kube: Kube,
  { env = [], envFrom = [] }: Resolve,
  variable: string,
): Promise<string | undefined> {
  const own = env.findLast(({ name }) => name === variable);
  if (own !== undefined) {
    const { secretKeyRef, configMapKeyRef } = own.valueFrom ?? {};
    if (secretKeyRef !== undefined) return inSecret(kube, secretKeyRef.name, secretKeyRef.key);
    if (configMapKeyRef !== undefined) return inConfigMap(kube, configMapKeyRef.name, configMapKeyRef.key);
    return own.value === undefined || own.value === '' ? undefined : own.value;
  }
  // Later sources win.
  for (const { prefix = '', secretRef, configMapRef } of envFrom.toReversed()) {
    if (!variable.startsWith(prefix)) continue;
    const key = variable.slice(prefix.length);
    const value =
      secretRef === undefined
        ? await inConfigMap(kube, configMapRef?.name, key)
        : await inSecret(kube, secretRef.name, key);
    if (value !== undefined) return value;
  }
  return undefined;
}

async function inSecret(kube: Kube, name: string | undefined, key: string): Promise<string | undefined> {
  const secret = await ifThere(kube.get(kinds.secret, { name: name ?? '' }));
  const encoded = secret?.data?.[key];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString();
}

async function inConfigMap(kube: Kube, name: string | undefined, key: string): Promise<string | undefined> {
  const map = await ifThere(kube.get(kinds.configMap, { name: name ?? '' }));
  return map?.data?.[key];
}

/** References may be optional. */
async function ifThere<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined;
    throw thrown;
  }
}
