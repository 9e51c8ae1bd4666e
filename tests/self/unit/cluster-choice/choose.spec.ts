import { expect, test } from '@playwright/test';
import { decide } from '../../../../helpers/cluster/choose.ts';
import type { Detection } from '../../../../helpers/cluster/choose.ts';

const detections = (usable: Record<'kubeconfig' | 'kind' | 'embedded', boolean>): Detection[] =>
  (['kubeconfig', 'kind', 'embedded'] as const).map((name) => ({
    name,
    usable: usable[name],
    reason: `${name} said so`,
  }));

test.describe('choice of the cluster', { tag: '@static' }, () => {
  test('should prefer the person’s own cluster, then kind, then the embedded one', () => {
    expect(decide('auto', detections({ kubeconfig: true, kind: true, embedded: true })).name).toBe('kubeconfig');
    expect(decide('auto', detections({ kubeconfig: false, kind: true, embedded: true })).name).toBe('kind');
    expect(decide('auto', detections({ kubeconfig: false, kind: false, embedded: true })).name).toBe('embedded');
  });

  test('should say why it passed over the ones before', () => {
    const { reason } = decide('auto', detections({ kubeconfig: false, kind: false, embedded: true }));
    expect(reason).toBe('embedded said so; not kubeconfig: kubeconfig said so; not kind: kind said so');
  });

  test('should take the configured one, even if another would be preferred', () => {
    expect(decide('embedded', detections({ kubeconfig: true, kind: true, embedded: true })).name).toBe('embedded');
  });

  test('should refuse a configured one that cannot be used rather than take another', () => {
    expect(() => decide('kind', detections({ kubeconfig: true, kind: false, embedded: true }))).toThrow(
      /provider kind cannot be used: kind said so[\s\S]*SEATRIAL_PROVIDER/,
    );
  });

  test('should name every reason when there is none', () => {
    expect(() => decide('auto', detections({ kubeconfig: false, kind: false, embedded: false }))).toThrow(
      /kubeconfig said so.*kind said so.*embedded said so/,
    );
  });
});
