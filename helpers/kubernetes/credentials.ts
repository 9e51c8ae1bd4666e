import { existsSync, readFileSync } from 'node:fs';
import { KubeConfig } from '@kubernetes/client-node';
import type { ClusterAccess } from '../cluster/provider.ts';
import type { Redactor } from './redact.ts';

/** Lets the redactor know what in the run's kubeconfig is secret: tokens, passwords, keys, and what plug-ins are given. */
export function addCredentials({ kubeconfig }: Pick<ClusterAccess, 'kubeconfig'>, redactor: Redactor): void {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  for (const { token, password, keyData, keyFile, exec, authProvider } of config.getUsers()) {
    const pem = keyData ? Buffer.from(keyData, 'base64').toString() : textOfKey(keyFile);
    const { env } = (exec ?? {}) as { env?: unknown };
    const { config: settings } = (authProvider ?? {}) as { config?: unknown };
    const given = textsIn([env, settings]).filter((text) => text.length >= SHORTEST);
    for (const secret of [token, password, keyData, pem, ...given]) if (secret) redactor.add(secret);
  }
}

/** Names and addresses stand beside the secrets of plug-ins; to mask what is shorter than this would mask plain words. */
const SHORTEST = 16;

function textOfKey(file: string | undefined): string | undefined {
  return file && existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function textsIn(node: unknown): string[] {
  if (typeof node === 'string') return [node];
  return typeof node === 'object' && node !== null ? Object.values(node).flatMap(textsIn) : [];
}
