import { expect, test } from '@playwright/test';
import { podSecurityViolations } from '../../../../helpers/architecture/compare/pod-security.ts';
import { production, workload } from './production.ts';
import { allowed, forbidden } from './forbidden.ts';

test.describe('profile "restricted" of the Pod Security Standards', { tag: '@static' }, () => {
  for (const { name, change } of allowed) {
    test(`should allow ${name}`, () => {
      const { spec } = workload(production().live, 'gateway').template;
      change(spec);
      expect(podSecurityViolations(spec)).toEqual([]);
    });
  }

  for (const { name, change, paths } of forbidden) {
    test(`should forbid ${name}, and name the field`, () => {
      const { spec } = workload(production().live, 'gateway').template;
      change(spec);
      expect(podSecurityViolations(spec).map(({ path }) => path)).toEqual(paths);
    });
  }

  test('should look at containers that run before the others, too', () => {
    const { spec } = workload(production().live, 'gateway').template;
    spec.initContainers = [{ name: 'migrate', env: [], image: 'x' }];
    expect(podSecurityViolations(spec).map(({ path }) => path)).toEqual([
      'initContainers[migrate].securityContext.allowPrivilegeEscalation',
      'initContainers[migrate].securityContext.capabilities.drop',
    ]);
  });
});
