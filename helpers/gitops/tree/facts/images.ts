import type { Path } from '../../../config/document.ts';
import { isMapping, placeOf } from '../document.ts';
import type { LoadedTree } from '../load.ts';
import { groups, isKind } from '../objects.ts';
import { pinOfImage, pinOfTag } from '../pins.ts';
import type { Pin } from '../pins.ts';
import type { Release } from '../releases.ts';

/** An image that something in the tree names. */
export interface ImageFact {
  image: string;
  place: string;
  /** `chart`: the values name no tag, so that the chart's version decides. */
  pin: Pin | 'chart';
}

/** The images of pods, and those in the values of charts. */
export function imageFacts(releases: readonly Release[], { units }: LoadedTree): ImageFact[] {
  const pods = units
    .flatMap((unit) => unit.documents)
    .filter(({ object }) => !isKind(object, groups.helm, 'HelmRelease'))
    .flatMap((document) =>
      inPods(document.object, []).map(({ image, path }) => ({
        image,
        place: placeOf(document, path),
        pin: pinOfImage(image),
      })),
    );
  const values = releases.flatMap(({ layers }) =>
    layers.flatMap((layer) =>
      inValues(layer.values, []).map(({ path, ...rest }) => ({ ...rest, place: layer.place(path) })),
    ),
  );
  return [...pods, ...values];
}

function inPods(node: unknown, path: Path): { image: string; path: Path }[] {
  if (Array.isArray(node)) return node.flatMap((entry, index) => inPods(entry, [...path, index]));
  if (!isMapping(node)) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    const isContainer = ['containers', 'initContainers'].includes(String(path.at(-2)));
    if (key === 'image' && isContainer && typeof value === 'string') return [{ image: value, path: [...path, key] }];
    return inPods(value, [...path, key]);
  });
}

function inValues(node: unknown, path: Path): (Omit<ImageFact, 'place'> & { path: Path })[] {
  if (Array.isArray(node)) return node.flatMap((entry, index) => inValues(entry, [...path, index]));
  if (!isMapping(node)) return [];
  const key = String(path.at(-1) ?? '');
  if (typeof node.repository === 'string' && /image$/i.test(key)) {
    const { repository, tag, digest } = node;
    if (typeof digest === 'string' && digest !== '') return [{ image: `${repository}@${digest}`, pin: 'exact', path }];
    if (typeof tag !== 'string' && typeof tag !== 'number') return [{ image: repository, pin: 'chart', path }];
    if (tag === '') return [{ image: repository, pin: 'chart', path }];
    return [{ image: `${repository}:${String(tag)}`, pin: pinOfTag(String(tag)), path: [...path, 'tag'] }];
  }
  return Object.entries(node).flatMap(([name, value]) => {
    if (/^image$/i.test(name) && typeof value === 'string' && /[:/]/.test(value))
      return [{ image: value, pin: pinOfImage(value), path: [...path, name] }];
    return inValues(value, [...path, name]);
  });
}
