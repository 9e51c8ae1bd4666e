import type { Options } from '../config/options.ts';
import { UserError } from '../errors.ts';
import { embeddedProvider } from './embedded/provider.ts';
import { kindProvider } from './kind/provider.ts';
import { kubeconfigProvider } from './kubeconfig/provider.ts';
import type { ClusterProvider, ProviderName } from './provider.ts';

/** What a provider says about itself on this machine. */
export interface Detection {
  name: ProviderName;
  usable: boolean;
  reason: string;
}

/**
 * The provider that the options name, or the first that can work here: the person's own cluster, then kind, then the embedded one.
 * Touches nothing.
 * @throws UserError when none can.
 */
export async function chooseProvider(options: Options): Promise<{ provider: ClusterProvider; reason: string }> {
  const providers = [kubeconfigProvider(options), kindProvider(options), embeddedProvider(options)];
  const detections = await Promise.all(
    providers.map(async (provider) => ({ name: provider.name, ...(await provider.detect()) })),
  );
  const { name, reason } = decide(options.provider, detections);
  const provider = providers.find((candidate) => candidate.name === name);
  if (provider === undefined) throw new Error(`there is no provider ${name}`);
  return { provider, reason };
}

/**
 * Which provider, and why in words that also say why not the ones before it. Pure.
 * @throws UserError when the wanted one, or every one, cannot be used.
 */
export function decide(
  wanted: Options['provider'],
  detections: readonly Detection[],
): { name: ProviderName; reason: string } {
  if (wanted !== 'auto') {
    const found = detections.find(({ name }) => name === wanted);
    if (found?.usable === true) return { name: wanted, reason: `it is configured (${found.reason})` };
    throw new UserError({
      what: `The provider ${wanted} cannot be used: ${found?.reason ?? 'unknown'}`,
      where: 'SEATRIAL_PROVIDER or provider in seatrial.config.yaml',
      fix: `mend that, or choose another one: ${detections.map(({ name, reason }) => `${name} (${reason})`).join('; ')}`,
    });
  }
  const index = detections.findIndex(({ usable }) => usable);
  const found = detections[index];
  const passed = detections.slice(0, index === -1 ? undefined : index).map(({ name, reason }) => `${name}: ${reason}`);
  if (found !== undefined)
    return { name: found.name, reason: [found.reason, ...passed.map((text) => `not ${text}`)].join('; ') };
  throw new UserError({
    what: `No cluster can be had here. ${passed.join('; ')}`,
    where: 'provider: auto',
    fix: 'mend one of these',
  });
}
