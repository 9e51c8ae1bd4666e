import { at, mappingAt, textAt } from './objects.ts';
import type { Mapping } from './document.ts';

/** How firmly something is pinned; only `exact` gives the same thing tomorrow. `unknown`: a variable without a known value. */
export type Pin = 'exact' | 'moving' | 'none' | 'unknown';

const EXACT_VERSION = /^=?v?\d+\.\d+\.\d+([-+][\w.+-]+)?$/;

/** Version of a chart: without one, Flux takes the latest. */
export function pinOfVersion(version: string | undefined): Pin {
  if (version === undefined || version === '*') return 'none';
  if (version.includes('${')) return 'unknown';
  return EXACT_VERSION.test(version) ? 'exact' : 'moving';
}

/** Tag of an image or an OCI artefact. One without a digit (`stable`, `latest`) is there to be moved. */
export function pinOfTag(tag: string | undefined): Pin {
  if (tag === undefined || tag === 'latest') return 'none';
  if (tag.includes('${')) return 'unknown';
  return /\d/.test(tag) && !/^(main|master|dev|edge|nightly)\b/.test(tag) ? 'exact' : 'moving';
}

/** `ref` of a GitRepository or an OCIRepository. */
export function pinOfReference(spec: Mapping): { pin: Pin; ref: string } {
  const ref = mappingAt(spec, 'ref');
  for (const field of ['commit', 'digest']) {
    const value = textAt(ref, field);
    if (value !== undefined) return { pin: value.includes('${') ? 'unknown' : 'exact', ref: `${field} ${value}` };
  }
  const tag = textAt(ref, 'tag');
  if (at(ref, 'semver') !== undefined) {
    const range = textAt(ref, 'semver');
    return { pin: pinOfVersion(range), ref: `semver ${range ?? ''}` };
  }
  if (tag !== undefined) return { pin: pinOfTag(tag), ref: `tag ${tag}` };
  const branch = textAt(ref, 'branch');
  return branch === undefined ? { pin: 'none', ref: 'no ref' } : { pin: 'moving', ref: `branch ${branch}` };
}

/** An image as pods name it. */
export function pinOfImage(image: string): Pin {
  if (image.includes('@sha256:')) return 'exact';
  if (image.includes('${')) return 'unknown';
  return pinOfTag(/:([^/:]+)$/.exec(image)?.[1]);
}
