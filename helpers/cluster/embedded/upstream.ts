import { readFileSync } from 'node:fs';
import { execa } from 'execa';
import { parseAllDocuments, stringify } from 'yaml';
import type { KubeObject } from '../../kubernetes/resources.ts';
import type { ClusterAccess } from '../provider.ts';

/** Objects as an upstream project publishes them: from its chart or its file, never a copy of ours that grows old. */

/** A chart folder of a Go module, and what it is rendered with. */
export interface ChartRendering {
  folder: string;
  release: string;
  namespace: string;
  values: Record<string, unknown>;
}

/** @returns the objects of the chart, its CRDs first. */
export async function renderChart(
  { helm, kubernetesVersion }: Pick<ClusterAccess, 'helm' | 'kubernetesVersion'>,
  { folder, release, namespace, values }: ChartRendering,
): Promise<KubeObject[]> {
  const names = [release, folder, '--namespace', namespace, '--include-crds', '--kube-version', kubernetesVersion];
  const { stdout } = await execa(helm, ['template', ...names, '--values', '-'], { input: stringify(values) });
  return objectsOf(stdout);
}

export function objectsInFile(file: string): KubeObject[] {
  return objectsOf(readFileSync(file, 'utf8'));
}

function objectsOf(text: string): KubeObject[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as KubeObject | null)
    .filter((object) => object !== null);
}

/** Objects in two groups: those that `isFirst` holds for, and the others. */
export function split(objects: readonly KubeObject[], isFirst: (object: KubeObject) => boolean): KubeObject[][] {
  return [objects.filter(isFirst), objects.filter((object) => !isFirst(object))];
}

interface Workload extends KubeObject {
  spec?: { template?: { spec?: { containers?: { image: string; readinessProbe?: object }[] } } };
}

/**
 * The objects with other images, and with readiness that is asked for at once and every second: it is waited for. Pure.
 * @param images the image that takes the place of each repository, e.g. `quay.io/metallb/controller`.
 * @throws Error for an image that has no replacement: the embedded cluster could not pull it.
 */
export function withImages(objects: readonly KubeObject[], images: Readonly<Record<string, string>>): KubeObject[] {
  return objects.map((object) => {
    const copy = structuredClone(object) as Workload;
    for (const container of copy.spec?.template?.spec?.containers ?? []) {
      const image = images[container.image.replace(/:[^/]*$/, '')];
      if (image === undefined) throw new Error(`${container.image} has no image of ours`);
      container.image = image;
      if (container.readinessProbe !== undefined)
        container.readinessProbe = { ...container.readinessProbe, initialDelaySeconds: 0, periodSeconds: 1 };
    }
    return copy;
  });
}
