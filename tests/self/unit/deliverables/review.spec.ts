import { expect, test } from '@playwright/test';
import { manifestsOf } from '../../../../helpers/deliverables/manifests.ts';
import type { Deployment } from '../../../../helpers/deliverables/objects.ts';
import { policyFindings, probeFindings, rollbackPlanFindings } from '../../../../helpers/deliverables/review.ts';
import { planFor } from '../../../../helpers/planning/plan.ts';
import { strategies } from '../../../../helpers/target/model/schema.ts';
import { model } from '../target/model.ts';

const communication = { channel: '#ml-alerts', incidents: 'the tracker' };
const target = model({ communication });

/** The Deployment of a rolling update with one deliberate defect. */
function broken(defect: (deployment: Deployment) => void): Deployment[] {
  const deployments = structuredClone(manifestsOf(target, 'rolling', {}).candidate).filter(
    (manifest): manifest is Deployment => manifest.kind === 'Deployment',
  );
  deployments.forEach(defect);
  return deployments;
}

const podOf = ({ spec }: Deployment) => spec?.template.spec ?? { containers: [] };

test.describe('review of manifests', { tag: '@static' }, () => {
  for (const strategy of strategies) {
    test(`should find nothing in what is delivered for ${strategy}`, () => {
      const all = Object.values(manifestsOf(target, strategy, {})).flat();
      expect(policyFindings(all)).toEqual([]);
      expect(probeFindings(all)).toEqual([]);
      expect(rollbackPlanFindings(target, planFor(target, strategy))).toEqual([]);
    });
  }

  const policy: Record<string, [string, (deployment: Deployment) => void]> = {
    root: ['may run as root', (one) => delete podOf(one).securityContext?.runAsNonRoot],
    'no seccomp profile': ['has no seccomp profile', (one) => delete podOf(one).securityContext?.seccompProfile],
    'a token': ['is given a token', (one) => delete podOf(one).automountServiceAccountToken],
    'a moving image': ['has an image that moves', (one) => (first(one).image = 'registry:5000/ml-model')],
    'the latest image': ['has an image that moves', (one) => (first(one).image = 'ml-model:latest')],
    'no limits': ['lacks requests or limits', (one) => delete first(one).resources?.limits],
    privileges: ['may gain privileges', (one) => delete first(one).securityContext?.allowPrivilegeEscalation],
    capabilities: ['keeps capabilities', (one) => delete first(one).securityContext?.capabilities],
    'a secret in clear': ['has API_TOKEN in clear', (one) => first(one).env?.push({ name: 'API_TOKEN', value: 'x' })],
  };
  for (const [what, [finding, defect]] of Object.entries(policy)) {
    test(`should find ${what}`, () => {
      expect(policyFindings(broken(defect))).toEqual([expect.stringContaining(finding)]);
    });
  }

  test('should find probes that are missing, or that restart a model that is being loaded', () => {
    expect(probeFindings(broken((one) => delete first(one).livenessProbe))[0]).toContain('no liveness probe');
    expect(probeFindings(broken((one) => delete first(one).readinessProbe))[0]).toContain('no readiness probe');
    expect(
      probeFindings(broken((one) => (first(one).livenessProbe = { httpGet: { path: '/ready', port: 'http' } })))[0],
    ).toContain('restarted for not being ready');
  });

  test('should find a rollback plan that names nobody', () => {
    expect(rollbackPlanFindings(model(), planFor(model()))).toEqual(['nobody is named who is to be told']);
  });
});

function first(deployment: Deployment) {
  const [container] = podOf(deployment).containers;
  if (container === undefined) throw new Error('it has a container');
  return container;
}
