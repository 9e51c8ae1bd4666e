import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import type { User } from '@kubernetes/client-node';
import { z } from 'zod';

/**
 * Writes a kubeconfig with the current context alone: nothing in a run can switch to another one by mistake.
 * @returns `file`.
 */
export function writePrivateCopy(config: KubeConfig, file: string): string {
  const context = config.getContextObject(config.getCurrentContext());
  const only = new KubeConfig();
  only.loadFromOptions({
    contexts: config.getContexts().filter(({ name }) => name === context?.name),
    clusters: config.getClusters().filter(({ name }) => name === context?.cluster),
    users: config
      .getUsers()
      .filter(({ name }) => name === context?.user)
      .map(withItsToken),
    currentContext: config.getCurrentContext(),
  });
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // A new one: what was there could be readable for others, or a link.
  rmSync(file, { force: true });
  writeFileSync(file, only.exportConfig(), { mode: 0o600, flag: 'wx' });
  return file;
}

/** How the client library says that a pod's ServiceAccount has its token in a file. */
const tokenFile = z.object({ name: z.literal('tokenFile'), config: z.object({ tokenFile: z.string() }) });

/** Neither helm nor kubectl knows that way: they get the token as it is now. Whoever mounts it sees to it that it outlives a run. */
function withItsToken(user: User): User {
  const { data } = tokenFile.safeParse(user.authProvider);
  return data === undefined ? user : { name: user.name, token: readFileSync(data.config.tokenFile, 'utf8').trim() };
}
