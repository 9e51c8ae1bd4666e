import type { Helm, ReleaseInput } from '../helm/helm.ts';
import type { Kube } from '../kubernetes/kube.ts';
import { explainPods } from '../kubernetes/pods.ts';
import { refuseHopelessPods } from '../kubernetes/wait.ts';
import { messageOf, UserError } from '../errors.ts';
import { trial } from './steps.ts';
import type { ExperimentContext } from './types.ts';

/**
 * Installs a release as the step `install.NAME`, and waits until it is ready. Ends at once when a pod of it can never start, and says why
 * when it does not get ready in time.
 * @returns undefined when the target failed.
 */
export function deploy(
  context: ExperimentContext,
  kube: Kube,
  { helm, name, prepare }: { helm: Helm; name: string; prepare: () => Promise<ReleaseInput> },
): Promise<ReleaseInput | undefined> {
  return trial(
    context,
    `install.${name}`,
    `helm install ${name}`,
    async () => {
      const release = await prepare();
      await install(helm, kube, release, context.signal);
      return release;
    },
    ({ chart }) => ({ chart: chart.name, version: chart.version }),
  );
}

async function install(helm: Helm, kube: Kube, release: ReleaseInput, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const namespace = kube.namespace ?? '';
  const hopeless = refuseHopelessPods(kube, namespace, either);
  try {
    await Promise.race([helm.install(release, { signal: either }), hopeless]);
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof UserError) throw thrown;
    // Helm says that it waited in vain; the pods know why.
    const why = await explainPods(kube, namespace);
    throw new Error(why === '' ? messageOf(thrown) : `${messageOf(thrown)}\n${why}`, { cause: thrown });
  } finally {
    over.abort();
    await hopeless.catch(() => undefined);
  }
}
