import { KubeConfig } from '@kubernetes/client-node';
import type { Options } from '../../config/options.ts';
import { didYouMean } from '../../config/suggest.ts';
import { messageOf, UserError } from '../../errors.ts';

/**
 * The person's kubeconfig with the allowed context as its current one. Sends nothing.
 * @throws UserError when the file cannot be read, the context is unknown, or it is not on the allow-list.
 */
export function allowedContext({ context, allowedContexts }: Pick<Options, 'context' | 'allowedContexts'>): KubeConfig {
  const config = readKubeconfig();
  const known = config.getContexts().map(({ name }) => name);
  const name = context ?? (allowedContexts.length === 1 ? allowedContexts[0] : config.getCurrentContext());
  const isChosen = context !== undefined || (name !== undefined && allowedContexts.includes(name));
  if (name === undefined || (!isChosen && allowedContexts.length > 1)) {
    throw new UserError({
      what: 'No context is named, and the current one is not among the allowed ones',
      where: 'SEATRIAL_CONTEXT or context in seatrial.config.yaml',
      fix: `name one of ${allowedContexts.join(', ')}`,
    });
  }
  if (!known.includes(name)) {
    throw new UserError({
      what: `The kubeconfig has no context ${name}`,
      where: 'SEATRIAL_CONTEXT or context in seatrial.config.yaml',
      fix:
        didYouMean(name, known) ??
        (known.length === 0 ? 'set KUBECONFIG to a file that has contexts' : `name one of ${known.join(', ')}`),
    });
  }
  if (!allowedContexts.includes(name)) {
    throw new UserError({
      what: `The context ${name} is not on the allow-list: nothing was sent to it`,
      where: 'SEATRIAL_ALLOWED_CONTEXTS or allowedContexts in seatrial.config.yaml',
      fix: `if trials may write to that cluster, add exactly "${name}" to the list (now: ${allowedContexts.length === 0 ? 'empty' : allowedContexts.join(', ')})`,
    });
  }
  config.setCurrentContext(name);
  return config;
}

function readKubeconfig(): KubeConfig {
  const config = new KubeConfig();
  try {
    config.loadFromDefault();
  } catch (thrown) {
    throw new UserError({
      what: `The kubeconfig cannot be read: ${messageOf(thrown)}`,
      where: process.env.KUBECONFIG ?? '~/.kube/config',
      fix: 'correct the file, or set KUBECONFIG to another one',
    });
  }
  // Where there is no kubeconfig at all, the client makes one up for a port of this machine.
  if (
    config.getCurrentContext() === 'loaded-context' &&
    config.getCurrentCluster()?.server === 'http://localhost:8080'
  ) {
    throw new UserError({
      what: 'There is no kubeconfig',
      where: '~/.kube/config',
      fix: 'set KUBECONFIG to the file of the cluster that may be used',
    });
  }
  return config;
}
