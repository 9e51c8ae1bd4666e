import { isMapping } from './document.ts';
import type { Mapping } from './document.ts';

/** Groups of the API objects that Flux itself reads. */
export const groups = {
  kustomize: 'kustomize.config.k8s.io',
  kustomization: 'kustomize.toolkit.fluxcd.io',
  helm: 'helm.toolkit.fluxcd.io',
  source: 'source.toolkit.fluxcd.io',
} as const;

export function kindOf(object: Mapping): string {
  return text(object.kind) ?? '';
}

/** `apps` of `apps/v1`; empty for the core group. */
export function groupOf({ apiVersion }: Mapping): string {
  const [group = '', version] = (text(apiVersion) ?? '').split('/');
  return version === undefined ? '' : group;
}

export function nameOf({ metadata }: Mapping): string {
  return isMapping(metadata) ? (text(metadata.name) ?? '') : '';
}

export function namespaceOf({ metadata }: Mapping): string | undefined {
  return isMapping(metadata) ? text(metadata.namespace) : undefined;
}

/** `HelmRelease/flux-system/arcade`. */
export function identityOf(object: Mapping): string {
  return [kindOf(object), namespaceOf(object), nameOf(object)].filter((part) => part !== undefined).join('/');
}

export function isKind(object: Mapping, group: string, kind: string): boolean {
  return groupOf(object) === group && kindOf(object) === kind;
}

/** The value at a path of field names, or undefined. */
export function at(object: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((value, key) => (isMapping(value) ? value[key] : undefined), object);
}

/** The mapping at a path, empty when there is none. */
export function mappingAt(object: unknown, ...path: string[]): Mapping {
  const value = at(object, ...path);
  return isMapping(value) ? value : {};
}

/** The mappings in the list at a path. */
export function listAt(object: unknown, ...path: string[]): Mapping[] {
  const value = at(object, ...path);
  return Array.isArray(value) ? value.filter(isMapping) : [];
}

/** The texts in the list at a path. */
export function textsAt(object: unknown, ...path: string[]): string[] {
  const value = at(object, ...path);
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

export function textAt(object: unknown, ...path: string[]): string | undefined {
  return text(at(object, ...path));
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
