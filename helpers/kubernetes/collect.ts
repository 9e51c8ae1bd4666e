import { stringify } from 'yaml';
import { messageOf } from '../errors.ts';
import { objectsIn } from './discovery.ts';
import type { Found } from './discovery.ts';
import type { Kube } from './kube.ts';
import { explainPods, momentOf } from './pods.ts';
import type { Redactor } from './redact.ts';
import { kinds, nameOf } from './resources.ts';
import type { Event, KubeObject, Pod, Secret } from './resources.ts';
import { MASK } from './secret-shapes.ts';

/** A file for the person who looks for the cause of a failure. */
export interface Artifact {
  name: string;
  contentType: 'text/plain' | 'application/yaml';
  body: string;
}

/** A container's log is kept up to this many of its last lines. */
const LOG_LINES = 2000;

/**
 * Everything that tells what happened in a namespace: events in their order, what is wrong with the pods, the logs of present and previous
 * containers, all objects. Without secrets. What cannot be had is said in its place: a failure's evidence must not fail itself.
 */
export async function collect(kube: Kube, namespace: string, redactor: Redactor): Promise<Artifact[]> {
  const bound = kube.within(namespace);
  const parts = await Promise.all([
    attempt('explanation.txt', async () => [{ name: 'explanation.txt', body: await explainPods(kube, namespace) }]),
    attempt('events.txt', async () => [
      { name: 'events.txt', body: eventTable((await bound.list(kinds.event)).items) },
    ]),
    attempt('logs', async () =>
      (await Promise.all((await bound.list(kinds.pod)).items.map((pod) => logsOf(bound, pod)))).flat(),
    ),
    attempt('objects.yaml', async () => [
      { name: 'objects.yaml', body: objectsAsYaml(await objectsIn(kube, namespace)) },
    ]),
  ]);
  return parts.flat().map(({ name, body }) => ({
    name,
    contentType: name.endsWith('.yaml') ? 'application/yaml' : 'text/plain',
    body: redactor.text(body),
  }));
}

type Part = Pick<Artifact, 'name' | 'body'>;

async function attempt(name: string, work: () => Promise<Part[]>): Promise<Part[]> {
  try {
    return await work();
  } catch (thrown) {
    return [{ name, body: `could not be collected: ${messageOf(thrown)}\n` }];
  }
}

/** One line an event, in the order in which they happened. */
function eventTable(events: Event[]): string {
  return events
    .toSorted((a, b) => momentOf(a) - momentOf(b))
    .map((event) => {
      const { type = '', reason = '', message = '', count = 1, involvedObject } = event;
      const moment = new Date(momentOf(event)).toISOString();
      return `${moment} ${type} ${involvedObject.kind ?? ''}/${involvedObject.name ?? ''} ${reason} ×${String(count)}: ${message}\n`;
    })
    .join('');
}

async function logsOf(kube: Kube, pod: Pod): Promise<Part[]> {
  const name = pod.metadata?.name ?? '';
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  const wanted = statuses.flatMap(({ name: container, restartCount }) => [
    { container, previous: false },
    ...(restartCount > 0 ? [{ container, previous: true }] : []),
  ]);
  const logs = wanted.map(({ container, previous }) => {
    const file = `logs/${name}/${container}${previous ? '.previous' : ''}.log`;
    return attempt(file, async () => [
      { name: file, body: await kube.log(name, { container, previous, tail: LOG_LINES }) },
    ]);
  });
  return (await Promise.all(logs)).flat();
}

function objectsAsYaml(objects: Found[]): string {
  return objects
    .map(({ resource, object }) => ({
      name: nameOf(resource, object),
      object: { apiVersion: resource.apiVersion, kind: resource.kind, ...object },
    }))
    .sort((a, b) => a.name.localeCompare(b.name))
    .map(({ object }) => stringify(withoutNoise(withoutSecrets(object))))
    .join('---\n');
}

/** A Secret's values are masked whatever the run knows about them: Helm keeps whole releases in there. */
function withoutSecrets(object: KubeObject): KubeObject {
  if (object.kind !== kinds.secret.kind) return object;
  const { data = {} } = object as Secret;
  const masked = Object.fromEntries(Object.keys(data).map((key) => [key, MASK]));
  return { ...without(object, 'stringData'), data: masked } as KubeObject;
}

/** `last-applied-configuration` repeats the object, Secrets' values included. */
function withoutNoise(object: KubeObject): object {
  const { metadata = {} } = object;
  const annotations = without(metadata.annotations ?? {}, 'kubectl.kubernetes.io/last-applied-configuration');
  return { ...object, metadata: { ...without(metadata, 'managedFields'), annotations } };
}

function without(object: object, field: string): object {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== field));
}
