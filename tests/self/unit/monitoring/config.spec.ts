import { expect, test } from '@playwright/test';
import { annotatedJob, alertmanagerConfig, prometheusConfig } from '../../../../helpers/monitoring/config.ts';
import type { Scrape } from '../../../../helpers/monitoring/config.ts';
import { monitoringObjects } from '../../../../helpers/monitoring/objects.ts';
import { targetProblem } from '../../../../helpers/monitoring/prometheus.ts';
import type { ScrapeTarget } from '../../../../helpers/monitoring/prometheus.ts';

interface Config {
  scrape_configs: {
    job_name: string;
    metrics_path?: string;
    kubernetes_sd_configs: object[];
    relabel_configs: Rule[];
  }[];
}
interface Rule {
  source_labels?: string[];
  regex?: string;
  action?: string;
  replacement?: string;
  target_label?: string;
}

const configOf = (...scrapes: Scrape[]) => prometheusConfig('trial', scrapes) as Config;
const scrape: Scrape = { job: 'model', selector: { 'app.kubernetes.io/name': 'a.b' }, port: 8001 };
const input = { images: { prometheus: 'p:1', alertmanager: 'a:1' }, rules: 'groups: []', receivers: [] };

test.describe('Monitoring', { tag: '@static' }, () => {
  test('should look for pods in its namespace alone', () => {
    const { scrape_configs: jobs } = configOf(scrape);
    expect(jobs.map(({ job_name: name }) => name)).toEqual([annotatedJob, 'model']);
    for (const job of jobs)
      expect(job.kubernetes_sd_configs).toEqual([{ role: 'pod', namespaces: { names: ['trial'] } }]);
  });

  test('should take port and path of a pod from its annotations', () => {
    const [{ relabel_configs: rules } = { relabel_configs: [] as Rule[] }] = configOf().scrape_configs;
    const address = rules.find(({ target_label: label }) => label === '__address__');
    // As Prometheus does it: the values joined by ";", matched as a whole.
    const pattern = new RegExp(`^(?:${address?.regex ?? ''})$`);
    expect('10.1.2.3;9090'.replace(pattern, address?.replacement ?? '')).toBe('10.1.2.3:9090');
    expect(pattern.test('10.1.2.3;')).toBe(false);
    expect(rules.find(({ target_label: label }) => label === '__metrics_path__')?.regex).toBe('(.+)');
  });

  test('should select pods by exactly the declared labels and port', () => {
    const job = configOf(scrape).scrape_configs[1];
    expect(job?.metrics_path).toBe('/metrics');
    expect(job?.relabel_configs).toEqual(
      expect.arrayContaining([
        { source_labels: ['__meta_kubernetes_pod_label_app_kubernetes_io_name'], regex: 'a\\.b', action: 'keep' },
        expect.objectContaining({ target_label: '__address__', replacement: '$1:8001' }),
      ]),
    );
    const named = configOf({ ...scrape, port: 'metrics', path: '/stats' }).scrape_configs[1];
    expect(named?.metrics_path).toBe('/stats');
    expect(named?.relabel_configs).toContainEqual({
      source_labels: ['__meta_kubernetes_pod_container_port_name'],
      regex: 'metrics',
      action: 'keep',
    });
  });

  for (const wrong of [{ port: 0 }, { port: 65_536 }, { port: '' }, { job: 'No Job' }, { path: 'metrics' }])
    test(`should refuse ${JSON.stringify(wrong)}`, () => {
      expect(() => configOf({ ...scrape, ...wrong })).toThrow();
    });

  test('should take the labels of an exporter as they are: they are of others', () => {
    const { scrape_configs: jobs } = prometheusConfig(
      'trial',
      [],
      [{ job: 'states', address: '10.1.2.3:80' }],
    ) as Config;
    expect(jobs.at(-1)).toEqual({
      job_name: 'states',
      honor_labels: true,
      static_configs: [{ targets: ['10.1.2.3:80'] }],
    });
  });

  test('should send every alert to every receiver, and that it is over', () => {
    const config = alertmanagerConfig([
      { kind: 'webhook', url: 'http://receiver/' },
      { kind: 'slack', url: 'http://chat/', channel: '#serving' },
    ]);
    expect(config).toMatchObject({
      receivers: [
        {
          webhook_configs: [{ url: 'http://receiver/', send_resolved: true }],
          slack_configs: [{ api_url: 'http://chat/', channel: '#serving', send_resolved: true }],
        },
      ],
    });
  });

  test('should make other pods of another configuration, and only of that', () => {
    const pods = (rules: string) =>
      JSON.stringify(monitoringObjects('trial', { ...input, rules }).filter(({ kind }) => kind === 'Deployment'));
    expect(pods('groups: []')).toBe(pods('groups: []'));
    expect(pods('groups: [{ name: a }]')).not.toBe(pods('groups: []'));
  });

  test('should put every object into the namespace', () => {
    const namespaces = monitoringObjects('trial', input).map(({ metadata }) => metadata?.namespace);
    expect(new Set(namespaces)).toEqual(new Set(['trial']));
  });

  test('should call a job scraped only when enough targets are there and all are up', () => {
    const target = (health: ScrapeTarget['health'], lastError = ''): ScrapeTarget => ({
      scrapePool: 'model',
      scrapeUrl: 'http://10.1.2.3:8001/metrics',
      labels: {},
      health,
      lastError,
    });
    expect(targetProblem([], 1)).toBe('it has 0 of 1 targets');
    expect(targetProblem([target('up')], 2)).toBe('it has 1 of 2 targets');
    expect(targetProblem([target('up'), target('unknown')], 2)).toMatch(/not scraped yet/);
    expect(targetProblem([target('down', 'refused'), target('up')], 1)).toBe('http://10.1.2.3:8001/metrics: refused');
    expect(targetProblem([target('up')], 1)).toBeUndefined();
  });
});
