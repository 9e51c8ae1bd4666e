import { check, fail, inconclusive, pass } from '../../finding.ts';
import { imagesFact, ofReleases, ofTree, sourcesFact } from '../../gitops-facts.ts';
import { thresholds } from '../../thresholds.ts';
import type { Finding } from '../../types.ts';

/** How firmly versions are pinned. */
const experiment = 'gitops.static';

export const chartsArePinned = check({
  id: 'gitops.charts-are-pinned',
  title: 'Every chart has one exact version',
  expected: `${String(thresholds.movingVersions.value)} HelmReleases with a range, a moving tag or no version`,
  experiment,
  reason: thresholds.movingVersions.reason,
  evaluate: (history) =>
    ofReleases(history, (releases, evidence) =>
      pinned(
        releases.map(({ id, place, version, pin }) => ({ what: `${id} (${version})`, place, pin })),
        evidence,
        'charts',
      ),
    ),
});

export const sourcesArePinned = check({
  id: 'gitops.sources-are-pinned',
  title: 'Everything that is fetched from elsewhere is fetched by tag, commit or digest',
  expected: `${String(thresholds.movingVersions.value)} sources of charts or bases on a branch or without a ref`,
  experiment,
  reason: thresholds.movingVersions.reason,
  evaluate: (history) =>
    ofReleases(history, () =>
      ofTree(history, 'gitops.sources', sourcesFact, (sources, evidence) =>
        pinned(
          sources
            .filter(({ usedByRelease, isOwn }) => usedByRelease && !isOwn)
            .map(({ name, ref, place, pin }) => ({ what: `${name} (${ref})`, place, pin })),
          evidence,
          'sources of charts and bases',
        ),
      ),
    ),
});

export const imagesArePinned = check({
  id: 'gitops.images-are-pinned',
  title: 'Every image that Git names has a version',
  expected: `${String(thresholds.movingVersions.value)} images with \`latest\`, a moving tag or none`,
  experiment,
  reason: thresholds.movingVersions.reason,
  evaluate: (history) =>
    ofReleases(history, () =>
      ofTree(history, 'gitops.images', imagesFact, (images, evidence) =>
        pinned(
          images.map(({ image, place, pin }) => ({ what: image, place, pin })),
          evidence,
          'images (others follow the versions of their charts)',
        ),
      ),
    ),
});

function pinned(
  entries: readonly { what: string; place: string; pin: string }[],
  evidence: string,
  noun: string,
): Finding {
  const told = (pins: readonly string[]) =>
    entries.filter(({ pin }) => pins.includes(pin)).map(({ what, place }) => `${what} at ${place}`);
  const moving = told(['moving', 'none']);
  if (moving.length > thresholds.movingVersions.value) return fail(moving.join('; '), evidence);
  const unknown = told(['unknown']);
  if (unknown.length > 0) return inconclusive(`the tree does not show their versions: ${unknown.join('; ')}`);
  return pass(`${String(entries.length)} ${noun}, all pinned`, evidence);
}
