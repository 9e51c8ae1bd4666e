import { writeFileSync } from 'node:fs';
import { HttpMethod, KubeConfig, RequestContext } from '@kubernetes/client-node';
import type { User } from '@kubernetes/client-node';
import type { ClusterAccess } from '../cluster/provider.ts';
import type { Redactor } from '../kubernetes/redact.ts';

/**
 * Writes a kubeconfig that has the run's context alone, with `namespace` as its default: `kubectl get pods` in a runbook means the trial's
 * pods. Credentials that a command of this machine would have to fetch are fetched now, since that command needs this machine's
 * environment. What is secret in it is known to the redactor.
 */
export async function writeKubeconfig(
  file: string,
  { kubeconfig, context: name }: Pick<ClusterAccess, 'kubeconfig' | 'context'>,
  { namespace, redactor }: { namespace: string; redactor: Redactor },
): Promise<void> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  config.setCurrentContext(name);
  const context = config.getContextObject(name);
  const user = config.getCurrentUser();
  const plain = user === null ? undefined : await withoutHelpers(config, user);
  for (const secret of [plain?.token, plain?.password, plain?.keyData]) if (secret !== undefined) redactor.add(secret);
  const only = new KubeConfig();
  only.loadFromOptions({
    contexts: context === null ? [] : [{ ...context, namespace }],
    clusters: config.getClusters().filter((cluster) => cluster.name === context?.cluster),
    users: plain === undefined ? [] : [plain],
    currentContext: name,
  });
  writeFileSync(file, only.exportConfig(), { mode: 0o600 });
}

/** A user that says by itself who it is: what a plug-in would tell is put in as a token. */
async function withoutHelpers(config: KubeConfig, user: User): Promise<User> {
  if (user.exec === undefined && user.authProvider === undefined) return user;
  const request = new RequestContext(config.getCurrentCluster()?.server ?? '', HttpMethod.GET);
  await config.applySecurityAuthentication(request);
  const { Authorization: header = '' } = request.getHeaders();
  const token = /^Bearer (.+)$/.exec(header)?.[1];
  return token === undefined ? user : { name: user.name, token };
}
