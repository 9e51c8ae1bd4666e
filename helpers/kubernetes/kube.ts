import { HttpMethod, IsomorphicFetchHttpLibrary, KubeConfig, RequestContext } from '@kubernetes/client-node';
import type { ResponseContext } from '@kubernetes/client-node';
import type { ClusterAccess } from '../cluster/provider.ts';
import { messageOf } from '../errors.ts';
import type { KubeObject, Resource } from './resources.ts';

/** How the API server says no. */
export class KubeError extends Error {
  readonly status: number;
  /** e.g. `NotFound`, `Conflict`, `Expired`. */
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.name = 'KubeError';
    this.status = status;
    this.reason = reason;
  }
}

/** Whether `thrown` is the API server's answer that there is no such object. */
export function isNotFound(thrown: unknown): boolean {
  return thrown instanceof KubeError && thrown.status === 404;
}

export interface Where {
  name?: string;
  /** Default: the namespace that the client is bound to. */
  namespace?: string;
  /** e.g. `log`, `status`. */
  subresource?: string;
}

export interface RequestOptions {
  method?: HttpMethod;
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  contentType?: string;
  signal?: AbortSignal | undefined;
}

export interface List<T> {
  items: T[];
  metadata: { resourceVersion?: string; continue?: string };
}

interface Selectors {
  labelSelector?: string;
  fieldSelector?: string;
}

/** The dispatcher holds the connections: one for all requests of a client, else each request would open its own. */
type Dispatcher = Parameters<RequestContext['setDispatcher']>[0];

/** A client of one cluster, and of one namespace when bound to it. Objects come as the JSON that they are: moments are texts. */
export class Kube {
  readonly config: KubeConfig;
  readonly namespace: string | undefined;
  #dispatcher: Dispatcher | undefined;
  readonly #http = new IsomorphicFetchHttpLibrary();

  constructor(config: KubeConfig, namespace?: string) {
    this.config = config;
    this.namespace = namespace;
  }

  static connect({ kubeconfig, context }: Pick<ClusterAccess, 'kubeconfig' | 'context'>): Kube {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    config.setCurrentContext(context);
    return new Kube(config);
  }

  /** The same cluster, with `namespace` where none is named. */
  within(namespace: string): Kube {
    return new Kube(this.config, namespace);
  }

  get<T extends KubeObject>(resource: Resource<T>, where: Where & { name: string }, signal?: AbortSignal): Promise<T> {
    return this.request(this.path(resource, where), { signal });
  }

  /** All objects, page by page, so that a big namespace does not become one big answer. */
  async list<T extends KubeObject>(
    resource: Resource<T>,
    where: Where & Selectors = {},
    signal?: AbortSignal,
  ): Promise<List<T>> {
    const { labelSelector, fieldSelector } = where;
    const items: T[] = [];
    let metadata: List<T>['metadata'] = {};
    do {
      const query = { labelSelector, fieldSelector, limit: 500, continue: metadata.continue };
      const page: List<T> = await this.request(this.path(resource, where), { query, signal });
      items.push(...page.items);
      metadata = page.metadata;
    } while (metadata.continue !== undefined && metadata.continue !== '');
    return { items, metadata };
  }

  create<T extends KubeObject>(resource: Resource<T>, object: T, where: Pick<Where, 'namespace'> = {}): Promise<T> {
    const { apiVersion, kind } = resource;
    return this.request(this.path(resource, where), { method: HttpMethod.POST, body: { apiVersion, kind, ...object } });
  }

  /** Changes the fields that `patch` has (JSON merge patch). */
  patch<T extends KubeObject>(resource: Resource<T>, where: Where & { name: string }, patch: unknown): Promise<T> {
    const contentType = 'application/merge-patch+json';
    return this.request(this.path(resource, where), { method: HttpMethod.PATCH, body: patch, contentType });
  }

  /** Deletes with the object's own grace period. `uid` guards against another object that has the same name by now. */
  delete(
    resource: Resource,
    where: Where & { name: string },
    { uid }: { uid?: string | undefined } = {},
  ): Promise<unknown> {
    const body = { propagationPolicy: 'Background', ...(uid === undefined ? {} : { preconditions: { uid } }) };
    return this.request(this.path(resource, where), { method: HttpMethod.DELETE, body });
  }

  /** Log of a container; `tail` bounds the number of lines. */
  async log(
    pod: string,
    { container, previous = false, tail }: { container: string; previous?: boolean; tail: number },
  ): Promise<string> {
    const path = this.path(logs, { name: pod, subresource: 'log' });
    const response = await this.#send(path, { query: { container, previous, tailLines: tail } });
    return response.body.text();
  }

  /** `GET`s by default. @throws KubeError when the API server refuses, Error when it cannot be reached. */
  async request<T>(path: string, options: RequestOptions = {}): Promise<T> {
    const response = await this.#send(path, options);
    return JSON.parse(await response.body.text()) as T;
  }

  /** An answer that does not end by itself, as bytes. */
  async stream(path: string, options: RequestOptions): Promise<ReadableStream<Uint8Array>> {
    const response = await this.#send(path, options);
    return response.body.stream() ?? new ReadableStream();
  }

  /** Where the API server keeps the object or the collection. */
  path(resource: Resource, { name, namespace = this.namespace, subresource }: Where = {}): string {
    const { apiVersion, plural, namespaced, kind } = resource;
    if (namespaced && name !== undefined && namespace === undefined)
      throw new Error(`${kind}/${name}: which namespace?`);
    const parts = [
      apiVersion.includes('/') ? 'apis' : 'api',
      ...apiVersion.split('/'),
      ...(namespaced && namespace !== undefined ? ['namespaces', namespace] : []),
      plural,
      ...(name === undefined ? [] : [name]),
      ...(subresource === undefined ? [] : [subresource]),
    ];
    return `/${parts.map(encodeURIComponent).join('/')}`;
  }

  async #send(path: string, options: RequestOptions): Promise<ResponseContext> {
    const { method = HttpMethod.GET, query = {}, body, contentType = 'application/json', signal } = options;
    const server = this.config.getCurrentCluster()?.server ?? '';
    const url = new URL(server.replace(/\/$/, '') + path);
    for (const [key, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(key, String(value));

    const context = new RequestContext(url.href, method);
    await this.config.applySecurityAuthentication(context);
    this.#dispatcher ??= context.getDispatcher();
    if (this.#dispatcher !== undefined) context.setDispatcher(this.#dispatcher);
    if (signal !== undefined) context.setSignal(signal);
    if (body !== undefined) {
      context.setHeaderParam('content-type', contentType);
      context.setBody(JSON.stringify(body));
    }
    const response = await this.#http
      .send(context)
      .toPromise()
      .catch((thrown: unknown) => {
        signal?.throwIfAborted();
        throw new Error(`The API server ${server} cannot be reached: ${causeOf(thrown)}`, { cause: thrown });
      });
    if (response.httpStatusCode >= 300) throw refusal(response.httpStatusCode, await response.body.text());
    return response;
  }
}

const logs: Resource = { kind: 'Pod', apiVersion: 'v1', plural: 'pods', namespaced: true };

/** `fetch failed` says nothing; its cause does. */
function causeOf(thrown: unknown): string {
  return thrown instanceof Error && thrown.cause !== undefined ? messageOf(thrown.cause) : messageOf(thrown);
}

function refusal(status: number, text: string): KubeError {
  try {
    const { reason = '', message = text } = JSON.parse(text) as { reason?: string; message?: string };
    return new KubeError(status, reason, message);
  } catch {
    return new KubeError(status, '', `${String(status)} ${text}`);
  }
}
