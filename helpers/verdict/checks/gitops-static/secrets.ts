import { all, atMost, check, fail, pass } from '../../finding.ts';
import { credentialsFact, ofObjects, ofReleases, ofTree, ownOf, reloadsFact, secretsFact } from '../../gitops-facts.ts';
import { thresholds } from '../../thresholds.ts';

/** Where secrets come from, and where they go. */
const experiment = 'gitops.static';

export const noCredentials = check({
  id: 'gitops.no-credentials',
  title: 'No credential stands in Git in the clear',
  expected: `${String(thresholds.clearCredentials.value)} Secrets, literal credentials or well-known defaults`,
  experiment,
  reason: thresholds.clearCredentials.reason,
  evaluate: (history) =>
    ofObjects(history, 'gitops.credentials', credentialsFact, (credentials, evidence) =>
      atMost(
        thresholds.clearCredentials.value,
        'credentials in the clear',
        credentials.map(({ place, key, how }) => `${key} as ${how} at ${place}`),
        evidence,
      ),
    ),
});

export const secretsAreMade = check({
  id: 'gitops.secrets-are-made',
  title: 'Every Secret that is named is made by something in Git, under a name that the chart reads',
  expected: `${String(thresholds.brokenReferences.value)} names of Secrets that nothing in the tree makes, or that the chart ignores`,
  experiment,
  reason: thresholds.brokenReferences.reason,
  evaluate: (history) =>
    ofObjects(
      history,
      'gitops.secrets',
      secretsFact,
      ({ references, ignored }, evidence) => {
        const broken = [
          ...references
            .filter(({ by }) => by.length === 0)
            .map(({ name, place }) => `nothing makes ${name}, named at ${place}`),
          ...ignored.map(({ place, value, instead }) => `the chart ignores ${value}, use ${instead} (${place})`),
        ];
        return broken.length > thresholds.brokenReferences.value
          ? fail(broken.join('; '), evidence)
          : pass(`${String(references.length)} references to Secrets, each made in the tree`, evidence);
      },
      'by absence',
    ),
});

export const secretsReload = check({
  id: 'gitops.secrets-reload',
  title: 'A Secret that changes reaches the pods that use it',
  expected: 'pods of the target are replaced for each Secret that is made outside of the chart',
  experiment,
  evaluate: (history) =>
    ofReleases(history, () =>
      ofTree(
        history,
        'gitops.reloads',
        reloadsFact,
        (reloads, evidence) =>
          all(
            ownOf(history, reloads).map(({ release, secrets, reloaderIsThere }) => {
              const stale = secrets.filter(({ reloads: does }) => !does).map(({ name, place }) => `${name} (${place})`);
              if (stale.length > 0) return fail(`${release}: nothing asks for it at ${stale.join(', ')}`, evidence);
              if (secrets.length > 0 && !reloaderIsThere)
                return fail(`${release} asks for it, but nothing in the tree does it`, evidence);
              return pass(`${release}: ${String(secrets.length)} Secrets`, evidence);
            }),
            'the tree has no HelmRelease of the releases that the target declares',
          ),
        'by absence',
      ),
    ),
});
