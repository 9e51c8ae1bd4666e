import type { Options } from '../config/options.ts';
import { chooseProvider } from './choose.ts';
import type { ClusterAccess, ClusterPart, Progress } from './provider.ts';

/**
 * Adds what the cluster lacks of `parts`, where its provider can add parts to a running cluster.
 * @returns the access with the parts that are there now: what could not be added is not among them.
 */
export async function ensureParts(
  access: ClusterAccess,
  parts: readonly ClusterPart[],
  { options, progress }: { options: Options; progress: Progress },
): Promise<ClusterAccess> {
  if (parts.length === 0) return access;
  const { provider } = await chooseProvider({ ...options, provider: access.provider });
  return (await provider.ensureParts?.(access, parts, { progress })) ?? access;
}
