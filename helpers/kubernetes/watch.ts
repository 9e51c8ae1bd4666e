import { setTimeout as delay } from 'node:timers/promises';
import { KubeError } from './kube.ts';
import type { Kube, Where } from './kube.ts';
import type { KubeObject, Resource } from './resources.ts';

/** A change of the objects that are watched. `listed` comes first, and again whenever the server has forgotten where we were. */
export type Change<T> = { type: 'listed'; objects: T[] } | { type: 'added' | 'modified' | 'deleted'; object: T };

export interface WatchSelection extends Pick<Where, 'namespace'> {
  name?: string;
  labelSelector?: string;
}

/** The server closes a quiet watch after this long (s), so that a dead connection is noticed. */
const QUIET_SECONDS = 240;
/** Waits between attempts while the server cannot be reached, in ms. */
const RETRY_AFTER_MS = [100, 300, 1000];

/**
 * What happens to the objects of a kind, from their present state on, until `signal` aborts: then it returns.
 * @throws KubeError when the server refuses (rights, unknown kind); losing the connection is not an error, it is made up for.
 */
export async function* watch<T extends KubeObject>(
  kube: Kube,
  resource: Resource<T>,
  selection: WatchSelection,
  signal: AbortSignal,
): AsyncGenerator<Change<T>> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      const listed = await kube.list(resource, selectors(selection), signal);
      yield { type: 'listed', objects: listed.items };
      failures = 0;
      yield* follow(kube, resource, selection, listed.metadata.resourceVersion ?? '', signal);
    } catch (thrown) {
      // An abort ends the wait, and 410 means: the server no longer knows that version, list again.
      if (isAborted(signal)) return;
      if (thrown instanceof KubeError && thrown.status < 500 && ![410, 429].includes(thrown.status)) throw thrown;
      await delay(RETRY_AFTER_MS[Math.min(failures++, RETRY_AFTER_MS.length - 1)], undefined, { signal }).catch(
        () => undefined,
      );
    }
  }
}

/** A call, so that the compiler does not believe that what was so at the top of the loop still is. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

function selectors({ name, namespace, labelSelector }: WatchSelection) {
  return {
    ...(namespace === undefined ? {} : { namespace }),
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(name === undefined ? {} : { fieldSelector: `metadata.name=${name}` }),
  };
}

interface WireEvent<T> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: T;
}

/** Follows from one version on, through the server's own time-outs, until the server no longer can. */
async function* follow<T extends KubeObject>(
  kube: Kube,
  resource: Resource<T>,
  selection: WatchSelection,
  from: string,
  signal: AbortSignal,
): AsyncGenerator<Change<T>> {
  const { namespace, ...query } = selectors(selection);
  const path = kube.path(resource, namespace === undefined ? {} : { namespace });
  let resourceVersion = from;
  while (!signal.aborted) {
    const options = {
      ...query,
      watch: true,
      allowWatchBookmarks: true,
      timeoutSeconds: QUIET_SECONDS,
      resourceVersion,
    };
    for await (const line of lines(await kube.stream(path, { query: options, signal }))) {
      const { type, object } = JSON.parse(line) as WireEvent<T>;
      if (type === 'ERROR') throw asError(object);
      resourceVersion = object.metadata?.resourceVersion ?? resourceVersion;
      if (type !== 'BOOKMARK') yield { type: names[type], object };
    }
  }
}

const names = { ADDED: 'added', MODIFIED: 'modified', DELETED: 'deleted' } as const;

function asError(object: unknown): KubeError {
  const {
    code = 500,
    reason = '',
    message = 'the watch broke',
  } = object as { code?: number; reason?: string; message?: string };
  return new KubeError(code, reason, message);
}

/** The lines of a stream, each as soon as it is whole. */
async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    yield* parts.filter((line) => line !== '');
  }
}
