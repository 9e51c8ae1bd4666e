import { expect, test } from '@playwright/test';
import { isChanged, isReplaced, objectsOf, readersIn } from '../../../../helpers/experiments/chart/readers.ts';
import { countsCalls } from '../../../../helpers/rollout/counters.ts';

/** A ConfigMap and a Deployment that uses it. */
function manifest({ value = 'one', uses = '', annotations = '{}' }: Record<string, string>): string {
  return `apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { A: ${value} }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  template:
    metadata: { annotations: ${annotations} }
    spec:
      containers: [{ name: web, ${uses} }]
      volumes: [{ name: files, configMap: { name: settings } }]
`;
}

const twice = (text: string) => [text, text];
const environment = 'envFrom: [{ configMapRef: { name: settings } }]';
const reader = { map: 'settings', workload: 'Deployment/web' };

test.describe('Readers of a ConfigMap', { tag: '@static' }, () => {
  const cases = [
    { uses: environment, how: ['environment'] },
    { uses: 'env: [{ name: A, valueFrom: { configMapKeyRef: { name: settings, key: A } } }]', how: ['environment'] },
    { uses: 'volumeMounts: [{ name: files, mountPath: /a, subPath: A }]', how: ['subPath'] },
    // What is mounted as a whole is updated.
    { uses: 'volumeMounts: [{ name: files, mountPath: /a }]', how: [] },
    { uses: 'envFrom: [{ configMapRef: { name: somebody-elses } }]', how: [] },
  ];
  for (const { uses, how } of cases)
    test(`should be found by what they read once: ${uses}`, () => {
      expect(readersIn(objectsOf(manifest({ uses })))).toEqual(how.map((one) => ({ ...reader, how: one })));
    });

  const changes = [
    { what: 'stay as they are when nothing follows', annotations: ['{}', '{}'], replaced: false },
    { what: 'be replaced by another checksum', annotations: ['{ checksum: a }', '{ checksum: b }'], replaced: true },
    {
      what: 'be replaced by Reloader for all that they use',
      annotations: twice("{ reloader.stakater.com/auto: 'true' }"),
      replaced: true,
    },
    {
      what: 'be replaced by Reloader for what is named',
      annotations: twice("{ configmap.reloader.stakater.com/reload: 'other, settings' }"),
      replaced: true,
    },
    {
      what: 'stay as they are when Reloader is told of another one',
      annotations: twice('{ configmap.reloader.stakater.com/reload: other }'),
      replaced: false,
    },
  ];
  for (const { what, annotations, replaced } of changes)
    test(`should ${what}`, () => {
      const [before, after] = ['one', 'two'].map((value, index) =>
        objectsOf(manifest({ value, uses: environment, annotations: annotations[index] ?? '' })),
      );
      expect(isChanged('settings', before ?? [], after ?? [])).toBe(true);
      expect(isReplaced({ ...reader, how: 'environment' }, before ?? [], after ?? [])).toBe(replaced);
    });
});

test.describe('Counters', { tag: '@static' }, () => {
  test('should count calls, by their names, and not what a runtime tells of itself', () => {
    const calls = ['http_requests_total', 'model_predictions_total', 'ts_inference_requests_total'];
    const others = ['process_cpu_seconds_total', 'python_gc_collections_total', 'bytes_sent_total', 'http_requests'];
    expect([...calls, ...others].filter(countsCalls)).toEqual(calls);
  });
});
