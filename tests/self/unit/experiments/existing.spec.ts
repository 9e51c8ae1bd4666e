import { expect, test } from '@playwright/test';
import { refuseBesideExisting } from '../../../../helpers/experiments/existing.ts';

test.describe('An experiment that installs the target', { tag: '@static' }, () => {
  const file = 'target.yaml';

  test('should be refused beside a deployment that is there already, with the reason and the way out', () => {
    const existing = { namespace: 'arcade' };
    expect(() => {
      refuseBesideExisting({ id: 'first-tool-call' }, { file, existing });
    }).toThrow(
      /first-tool-call installs[\s\S]*target\.yaml existing \(namespace arcade\)[\s\S]*fix:.*a copy of the target/,
    );
  });

  test('should go on where nothing is there yet', () => {
    expect(() => {
      refuseBesideExisting({ id: 'first-tool-call' }, { file, existing: undefined });
    }).not.toThrow();
  });
});
