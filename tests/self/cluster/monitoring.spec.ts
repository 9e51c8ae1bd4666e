import { once } from 'node:events';
import { createServer } from 'node:http';
import { networkInterfaces } from 'node:os';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from '../../../fixtures/test.ts';
import { bridge } from '../../../helpers/cluster/embedded/layout.ts';
import { annotatedJob } from '../../../helpers/monitoring/config.ts';
import { installMonitoring } from '../../../helpers/monitoring/install.ts';
import { kinds } from '../../../helpers/kubernetes/resources.ts';
import { deployWeb, PATIENCE_MS, webImage, withParts } from './web.ts';

interface Notification {
  status: string;
  alerts: { status: string; labels: Record<string, string> }[];
}

/** Receives what an Alertmanager sends, at an address of this machine that pods reach. */
async function receiver(work: (url: string, received: Notification[]) => Promise<void>): Promise<void> {
  const received: Notification[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push(JSON.parse(body) as Notification);
      response.end();
    });
  });
  const address = networkInterfaces()[bridge]?.[0]?.address ?? '';
  server.listen(0, address);
  await once(server, 'listening');
  try {
    await work(`http://${address}:${String((server.address() as AddressInfo).port)}/`, received);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

const rules = `groups:
  - name: test
    rules:
      - alert: TooFew
        expr: count(up{job="${annotatedJob}"} == 1) < 2
        labels: { severity: warning }
      - alert: Never
        expr: vector(1) > 2
`;

test.describe('Prometheus', { tag: '@full' }, () => {
  test('should scrape pods, fire an alert while its cause lasts, and have it delivered, also that it is over', async ({
    cluster,
    options,
    kube,
  }) => {
    await withParts(['prometheus'], { cluster, options }, async (access) => {
      const image = await webImage({ cluster: access, options });
      const files = { metrics: 'answer{place="here"} 42' };
      await deployWeb(kube, {
        name: 'annotated',
        image,
        files,
        labels: { version: 'v1' },
        annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '8080' },
      });
      await deployWeb(kube, { name: 'declared', image, files: { other: 'answer 43' } });
      await receiver(async (url, received) => {
        const { prometheus, alertmanagerUrl } = await installMonitoring(kube, {
          images: access.monitoring ?? { prometheus: '', alertmanager: '' },
          rules,
          scrapes: [{ job: 'declared', selector: { deployment: 'declared' }, port: 'http', path: '/other' }],
          receivers: [{ kind: 'webhook', url }],
        });
        expect((await fetch(`${alertmanagerUrl}/-/ready`)).ok).toBe(true);
        const limit = { timeoutMs: 60_000 };
        await prometheus.waitForTargets({ job: annotatedJob }, limit);
        await prometheus.waitForTargets({ job: 'declared' }, limit);
        expect(await prometheus.query('answer{place="here"}')).toEqual([
          { labels: expect.objectContaining({ version: 'v1', deployment: 'annotated' }) as object, value: 42 },
        ]);
        expect((await prometheus.query('answer{job="declared"}')).map(({ value }) => value)).toEqual([43]);
        await expect(prometheus.query('sum(')).rejects.toThrow(/parse error/);

        const states = () =>
          received.flatMap(({ alerts }) => alerts.map(({ status, labels }) => `${labels.alertname ?? ''} ${status}`));
        await expect.poll(() => prometheus.firing(), { timeout: PATIENCE_MS }).toEqual(['TooFew']);
        await expect.poll(states, { timeout: PATIENCE_MS }).toContain('TooFew firing');
        await kube.patch(kinds.deployment, { name: 'annotated' }, { spec: { replicas: 2 } });
        await expect.poll(() => prometheus.firing(), { timeout: PATIENCE_MS }).toEqual([]);
        await expect.poll(states, { timeout: PATIENCE_MS }).toContain('TooFew resolved');
        expect(states().filter((state) => state.startsWith('Never'))).toEqual([]);
      });
    });
  });

  test('should say why it does not start with rules that have a mistake', async ({ cluster, options, kube }) => {
    await withParts(['prometheus'], { cluster, options }, async (access) => {
      const images = access.monitoring ?? { prometheus: '', alertmanager: '' };
      const wrong = installMonitoring(kube, { images, rules: rules.replace('vector(1)', 'vector('), receivers: [] });
      await expect(wrong).rejects.toThrow(/parse error/);
    });
  });
});
