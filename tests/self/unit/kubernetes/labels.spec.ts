import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { annotations, labels, labelValue } from '../../../../helpers/kubernetes/labels.ts';
import { isLeftBehind, ownerMetadata, ownerOf } from '../../../../helpers/kubernetes/owner.ts';

test.describe('Label values', { tag: '@static' }, () => {
  test('should be valid whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const value = labelValue(text);
        expect(value.length).toBeLessThanOrEqual(63);
        expect(value).toMatch(/^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/);
      }),
    );
  });

  test('should stay readable', () => {
    expect(labelValue('Gate: Helm deployment: full Kubernetes…')).toBe('Gate-Helm-deployment-full-Kubernetes');
    expect(labelValue('chart.lifecycle')).toBe('chart.lifecycle');
  });
});

test.describe('Objects that are left behind', { tag: '@static' }, () => {
  const own = (pid: number) => ({
    metadata: ownerMetadata({ run: 'r', test: 't', owner: { ...ownerOf(process.pid), pid } }),
  });
  /** Beyond any pid that Linux gives out. */
  const DEAD = 2 ** 30;

  test('should not be those of a live process', () => {
    expect(isLeftBehind(own(process.pid))).toBe(false);
  });

  test('should not be those of a live process when the clock is set to another day', () => {
    expect(isLeftBehind(own(process.pid), Date.now() + 7 * 24 * 3_600_000)).toBe(false);
  });

  test('should be those of a dead process', () => {
    expect(isLeftBehind(own(DEAD))).toBe(true);
  });

  test('should be those of a process whose pid another one has now', () => {
    const object = own(process.pid);
    object.metadata.annotations[annotations.started] = '1';
    expect(isLeftBehind(object)).toBe(true);
  });

  test('should not be those of another machine before their time is up', () => {
    const object = own(DEAD);
    object.metadata.annotations[annotations.machine] = 'elsewhere';
    expect(isLeftBehind(object)).toBe(false);
    expect(isLeftBehind(object, Date.now() + 24 * 3_600_000)).toBe(true);
  });

  test('should never be those without the label', () => {
    const object = own(DEAD);
    const { [labels.run]: _run, ...others } = object.metadata.labels;
    expect(isLeftBehind({ metadata: { ...object.metadata, labels: others } }, Date.now() + 24 * 3_600_000)).toBe(false);
    expect(isLeftBehind({ metadata: { name: 'kube-system' } })).toBe(false);
  });
});
