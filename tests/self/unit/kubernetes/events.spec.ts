import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { describeEvent, goDuration, pullFacts } from '../../../../helpers/kubernetes/events.ts';
import { eventSightings, jobSightings, podSightings } from '../../../../helpers/kubernetes/record.ts';

test.describe('What the kubelet says', { tag: '@static' }, () => {
  test('should give the duration and the size of a pull', () => {
    const message =
      'Successfully pulled image "registry.example.com/a:1" in 1.234s (1m2.5s including waiting). Image size: 123456 bytes.';
    expect(pullFacts(message)).toEqual({ present: false, durationMs: 1234, withWaitingMs: 62_500, bytes: 123_456 });
  });

  test('should give the duration of a pull in the words of older kubelets', () => {
    expect(pullFacts('Successfully pulled image "a" in 850ms')).toEqual({ present: false, durationMs: 850 });
  });

  test('should know a present image, which took no time', () => {
    const message = 'Container image "a:1" already present on machine and can be accessed by the pod';
    expect(pullFacts(message)).toEqual({ present: true, durationMs: 0 });
  });

  test('should read every duration as Go prints it', () => {
    const part = fc.record({ h: fc.nat(99), m: fc.nat(59), s: fc.nat(59) });
    fc.assert(
      fc.property(part, ({ h, m, s }) => {
        expect(goDuration(`${String(h)}h${String(m)}m${String(s)}s`)).toBe(((h * 60 + m) * 60 + s) * 1000);
      }),
    );
  });

  test('should refuse what is no duration', () => {
    expect(['', '5', 'soon', '1.2.3s', 's'].map(goDuration)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('should tell warnings and pulls, and keep quiet about the rest', () => {
    const event = { metadata: {}, involvedObject: {} };
    expect(describeEvent({ ...event, type: 'Normal', reason: 'Scheduled', message: 'assigned' })).toBeUndefined();
    expect(describeEvent({ ...event, type: 'Normal', reason: 'Pulling', message: 'Pulling image "a:1"' })).toEqual({
      what: 'image.pulling',
      detail: { image: 'a:1' },
    });
    expect(describeEvent({ ...event, type: 'Warning', reason: 'Unhealthy', message: 'no', count: 3 })).toEqual({
      what: 'event',
      detail: { reason: 'Unhealthy', message: 'no', count: 3 },
    });
  });
});

test.describe('What was seen of a pod', { tag: '@static' }, () => {
  const metadata = { name: 'gateway-1', uid: 'u1' };

  test('should be scheduled, started and ready, each under a key of its own', () => {
    const sightings = podSightings({
      metadata,
      spec: { nodeName: 'node-1', containers: [] },
      status: {
        conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:05Z' }],
        containerStatuses: [
          {
            name: 'server',
            image: 'a',
            imageID: '',
            ready: true,
            restartCount: 0,
            state: { running: { startedAt: '2026-01-01T00:00:03Z' } },
          },
        ],
      },
    });
    expect(sightings.map(({ what, object }) => `${what} ${object}`)).toEqual([
      'pod.scheduled Pod/gateway-1',
      'container.started Pod/gateway-1',
      'pod.ready Pod/gateway-1',
    ]);
    expect(new Set(sightings.map(({ key }) => key)).size).toBe(3);
  });

  test('should be nothing while it waits', () => {
    expect(podSightings({ metadata, status: { conditions: [{ type: 'Ready', status: 'False' }] } })).toEqual([]);
  });

  test('should tell a completed job, and a repeated event once for each count', () => {
    expect(jobSightings({ metadata, status: { conditions: [{ type: 'Complete', status: 'True' }] } })).toHaveLength(1);
    expect(jobSightings({ metadata, status: { conditions: [{ type: 'Failed', status: 'True' }] } })).toEqual([]);
    const event = {
      metadata: { uid: 'e1' },
      involvedObject: { kind: 'Pod', name: 'a' },
      type: 'Warning',
      reason: 'BackOff',
    };
    const keys = [1, 2].flatMap((count) => eventSightings({ ...event, count }).map(({ key }) => key));
    expect(new Set(keys).size).toBe(2);
  });
});
