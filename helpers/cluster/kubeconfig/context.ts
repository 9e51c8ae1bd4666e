import { KubeConfig } from '@kubernetes/client-node';
import type { Options } from '../../config/options.ts';
import { didYouMean } from '../../config/suggest.ts';
import { messageOf, UserError } from '../../errors.ts';
import { isSameServer, readAllowed } from './allowed.ts';
import type { Allowed } from './allowed.ts';

/**
 * The person's kubeconfig with the allowed context as its current one. Sends nothing, and runs no plug-in of the kubeconfig.
 * @throws UserError when the file cannot be read, the context is unknown or ambiguous, it is not on the allow-list, or not with that server.
 */
export function allowedContext({ context, allowedContexts }: Pick<Options, 'context' | 'allowedContexts'>): KubeConfig {
  refuseUnverified();
  const config = readKubeconfig();
  const known = config.getContexts().map(({ name }) => name);
  const allowed = allowedContexts.map(readAllowed);
  const names = [...new Set(allowed.map(({ name }) => name))];
  const name = context ?? (names.length === 1 ? names[0] : config.getCurrentContext());
  const isChosen = context !== undefined || (name !== undefined && names.includes(name));
  if (name === undefined || (!isChosen && names.length > 1)) {
    throw new UserError({
      what: 'No context is named, and the current one is not among the allowed ones',
      where: 'SEATRIAL_CONTEXT or context in seatrial.config.yaml',
      fix: `name one of ${names.join(', ')}`,
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
  if (!names.includes(name)) {
    throw new UserError({
      what: `The context ${name} is not on the allow-list: nothing was sent to it`,
      where: 'SEATRIAL_ALLOWED_CONTEXTS or allowedContexts in seatrial.config.yaml',
      fix: `if trials may write to that cluster, add exactly "${name}" to the list (now: ${allowedContexts.length === 0 ? 'empty' : allowedContexts.join(', ')})`,
    });
  }
  config.setCurrentContext(name);
  requireServer(config, allowed);
  return config;
}

/** One name with two meanings: each program would go by another one. And one name whose meaning has changed. */
function requireServer(config: KubeConfig, allowed: readonly Allowed[]): void {
  const name = config.getCurrentContext();
  const context = config.getContextObject(name);
  const alike = [
    config.getContexts().filter((other) => other.name === name),
    config.getClusters().filter((cluster) => cluster.name === context?.cluster),
    config.getUsers().filter((user) => user.name === context?.user),
  ];
  const server = config.getCurrentCluster()?.server;
  if (server === undefined || alike.some(({ length }) => length !== 1)) {
    throw new UserError({
      what: `The context ${name} is not one context with one cluster and one user: nothing was sent to it`,
      where: process.env.KUBECONFIG ?? '~/.kube/config',
      fix: 'give each context, cluster and user in the kubeconfig a name of its own',
    });
  }
  const entries = allowed.filter((entry) => entry.name === name);
  if (entries.some((entry) => entry.server === undefined || isSameServer(entry.server, server))) return;
  throw new UserError({
    what: `The context ${name} leads to ${server}: nothing was sent to it`,
    where: 'SEATRIAL_ALLOWED_CONTEXTS or allowedContexts in seatrial.config.yaml',
    fix: `the list has it with ${entries.map((entry) => entry.server).join(' and ')}: use the kubeconfig that has that, or correct the list`,
  });
}

/** By its certificate alone the cluster is known to be the one that is allowed. */
function refuseUnverified(): void {
  if (process.env.NODE_TLS_REJECT_UNAUTHORIZED !== '0') return;
  throw new UserError({
    what: 'No certificate is verified: whoever answers could be another cluster',
    where: 'environment variable NODE_TLS_REJECT_UNAUTHORIZED',
    fix: "unset it, and put the cluster's authority into the kubeconfig",
  });
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
