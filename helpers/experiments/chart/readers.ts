import { parseAllDocuments } from 'yaml';
import type { V1Container, V1PodTemplateSpec } from '@kubernetes/client-node';
import type { Wire } from '../../kubernetes/resources.ts';

/** An object of a manifest, as far as this is about it. */
export interface Rendered {
  kind?: string;
  metadata?: { name?: string };
  data?: Record<string, string>;
  spec?: { template?: Wire<V1PodTemplateSpec> };
}

/** A workload that takes something from a ConfigMap when it starts, and never looks again. */
export interface Reader {
  /** Name of the ConfigMap. */
  map: string;
  /** `Deployment/gateway`. */
  workload: string;
  how: 'environment' | 'subPath';
}

/** What runs for ever: Jobs and test pods read anew each time. */
const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet'];

/** The objects of a manifest as `helm template` prints it. */
export function objectsOf(manifest: string): Rendered[] {
  return parseAllDocuments(manifest)
    .filter((document) => document.contents !== null)
    .map((document) => document.toJS() as Rendered);
}

/**
 * Who reads which ConfigMap of the same manifest only when it starts: environment variables are never read again, and a file that is mounted
 * by `subPath` is never updated (https://kubernetes.io/docs/concepts/configuration/configmap/#mounted-configmaps-are-updated-automatically).
 */
export function readersIn(objects: readonly Rendered[]): Reader[] {
  const maps = namesOf(objects, 'ConfigMap');
  return objects
    .filter(({ kind = '' }) => WORKLOADS.includes(kind))
    .flatMap((object) => {
      const workload = workloadName(object);
      const { containers = [], initContainers = [], volumes = [] } = object.spec?.template?.spec ?? {};
      const all = [...initContainers, ...containers];
      const volumeMaps = new Map(volumes.map(({ name, configMap }) => [name, configMap?.name]));
      const read: [how: Reader['how'], name: string | undefined][] = [
        ...all.flatMap(environmentMaps).map((name): [Reader['how'], string | undefined] => ['environment', name]),
        ...all
          .flatMap(({ volumeMounts = [] }) => volumeMounts)
          .filter(({ subPath, subPathExpr }) => subPath !== undefined || subPathExpr !== undefined)
          .map(({ name }): [Reader['how'], string | undefined] => ['subPath', volumeMaps.get(name)]),
      ];
      const readers = read.flatMap(([how, map]) =>
        map !== undefined && maps.includes(map) ? [{ map, workload, how }] : [],
      );
      return [...new Map(readers.map((reader) => [`${reader.map} ${reader.how}`, reader])).values()];
    });
}

function environmentMaps({ env = [], envFrom = [] }: Wire<V1Container>): (string | undefined)[] {
  return [
    ...envFrom.map(({ configMapRef }) => configMapRef?.name),
    ...env.map(({ valueFrom }) => valueFrom?.configMapKeyRef?.name),
  ];
}

/** Whether a ConfigMap is otherwise in the second manifest. One that goes has a name that tells its contents, and is otherwise too. */
export function isChanged(map: string, before: readonly Rendered[], after: readonly Rendered[]): boolean {
  const [old, fresh] = [before, after].map((objects) =>
    objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata?.name === map),
  );
  return JSON.stringify(old?.data) !== JSON.stringify(fresh?.data);
}

/** Whether Kubernetes replaces the workload's pods between the two manifests, or something that watches for it does. */
export function isReplaced(
  { workload, map }: Reader,
  before: readonly Rendered[],
  after: readonly Rendered[],
): boolean {
  const [old, fresh] = [before, after].map((objects) => objects.find((object) => workloadName(object) === workload));
  return JSON.stringify(old?.spec?.template) !== JSON.stringify(fresh?.spec?.template) || isReloaded(fresh, map);
}

/** https://github.com/stakater/Reloader: asked for at the workload, or at its pods. */
function isReloaded(object: Rendered | undefined, map: string): boolean {
  const annotations = {
    ...(object?.metadata as { annotations?: Record<string, string> } | undefined)?.annotations,
    ...object?.spec?.template?.metadata?.annotations,
  };
  return Object.entries(annotations).some(
    ([key, value]) =>
      (/^(configmap\.)?reloader\.stakater\.com\/auto$/.test(key) && value === 'true') ||
      (key === 'configmap.reloader.stakater.com/reload' && value.split(/\s*,\s*/).includes(map)),
  );
}

function namesOf(objects: readonly Rendered[], wanted: string): string[] {
  return objects.flatMap(({ kind, metadata }) =>
    kind === wanted && metadata?.name !== undefined ? [metadata.name] : [],
  );
}

function workloadName({ kind = '', metadata }: Rendered): string {
  return `${kind}/${metadata?.name ?? ''}`;
}
