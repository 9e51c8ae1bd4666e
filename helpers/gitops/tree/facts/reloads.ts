import { isMapping } from '../document.ts';
import type { LoadedTree } from '../load.ts';
import { listAt, textAt } from '../objects.ts';
import type { Release } from '../releases.ts';
import { readable } from '../chart-templates.ts';
import { secretReferences } from './references.ts';

/** Which Secrets of a release, made outside of its chart, replace its pods when they change. */
export interface ReloadFact {
  release: string;
  releaseName: string;
  secrets: { name: string; place: string; reloads: boolean }[];
  /** Something that watches for it is in the tree. */
  reloaderIsThere: boolean;
}

/** Secrets that are read anew at each use: by the kubelet when it pulls, by the ingress when it is told. */
const READ_ANEW = ['kubernetes.io/dockerconfigjson', 'kubernetes.io/dockercfg', 'kubernetes.io/tls'];

const AUTO = /^(secret\.)?reloader\.stakater\.com\/auto$/;
const NAMED = /^secret\.reloader\.stakater\.com\/reload$/;

export function reloadFacts(releases: readonly Release[], tree: LoadedTree): ReloadFact[] {
  const references = secretReferences(releases, tree);
  const reloaderIsThere = releases.some(({ chart }) => chart === 'reloader');
  return releases.map((release) => {
    const { auto, named } = annotationsOf(release, tree);
    const own = references.filter(({ release: id, type }) => id === release.id && !READ_ANEW.includes(type ?? ''));
    const byName = new Map(own.map(({ name, place }) => [name, place]));
    return {
      release: release.id,
      releaseName: release.releaseName,
      secrets: [...byName].map(([name, place]) => ({ name, place, reloads: auto || named.has(name) })),
      reloaderIsThere,
    };
  });
}

/** What asks for pods to be replaced: annotations in values, in patches of the rendered chart, and in the templates of a chart that is here. */
function annotationsOf(release: Release, tree: LoadedTree): { auto: boolean; named: Set<string> } {
  const patches = listAt(release.document.object, 'spec', 'postRenderers').flatMap((renderer) =>
    listAt(renderer, 'kustomize', 'patches').flatMap((entry) => textAt(entry, 'patch') ?? []),
  );
  const texts = [...patches, ...readable(release, tree)];
  const found = [...annotationsIn(release.values), ...texts.flatMap(annotationsInText)];
  return {
    auto: found.some(([key, value]) => AUTO.test(key) && value === 'true'),
    named: new Set(
      found.flatMap(([key, value]) => (NAMED.test(key) ? value.split(',').map((name) => name.trim()) : [])),
    ),
  };
}

function annotationsIn(node: unknown): [string, string][] {
  if (!isMapping(node)) return [];
  return Object.entries(node).flatMap(([key, value]): [string, string][] =>
    isMapping(value) ? annotationsIn(value) : [[key, String(value)]],
  );
}

function annotationsInText(text: string): [string, string][] {
  const lines = text.matchAll(/([\w.]*reloader\.stakater\.com\/\w+)["']?:\s*["']?([^"'\n#]+)/g);
  return [...lines].map(([, key = '', value = '']): [string, string] => [key, value.trim()]);
}
