import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../errors.ts';
import { dashboard, dashboardPanels, WINDOW_VARIABLE } from '../../monitoring/dashboard.ts';
import { installMonitoring } from '../../monitoring/install.ts';
import { modelMetrics, modelScrape, podStateJob } from '../../monitoring/metrics.ts';
import { startPodState } from '../../monitoring/pod-state.ts';
import type { Prometheus } from '../../monitoring/prometheus.ts';
import { alertRulesYaml, trialTiming } from '../../monitoring/rules.ts';
import { receiverPaths, startReceiver } from '../../notifications/receiver.ts';
import type { Receiver } from '../../notifications/receiver.ts';
import type { DashboardFact } from '../../rollout/alert-facts.ts';
import type { ModelTarget } from '../../target/model/schema.ts';
import { own, trial } from '../steps.ts';
import { deployModel } from '../strategies/site.ts';
import type { Site } from '../strategies/site.ts';
import { lacksPredictions } from '../strategies/experiment.ts';
import { modelTraffic } from '../strategies/traffic.ts';
import { withPlannedTraffic } from '../under-traffic.ts';
import type { ModelExperiment } from '../types.ts';
import { causesOf } from './causes.ts';
import { runPromtool } from './promtool.ts';
import { watchCause } from './watch.ts';

/** Five causes, each of which takes a minute. In ms. */
const LIMIT_MS = 25 * 60_000;
/** One replica: what an alert sees does not depend on how many there are, and each cause replaces them twice. */
const REPLICAS = 1;
const TARGETS_WITHIN_MS = 60_000;
const WINDOW = `${String(trialTiming.window)}s`;

/**
 * The alerts of a model: its rules checked and tested, each made to fire and to resolve by a real cause under traffic, and delivered; and every
 * query of its dashboard asked. Steps: as `deployModel`, `monitoring`, `promtool`, `quiet`, `cause.NAME`. Facts: see `alert-facts.ts`.
 */
export const modelAlerts: ModelExperiment = {
  id: 'model.alerts',
  kind: 'Model',
  title: 'Every alert of a model raised by a real cause, delivered, and over when its cause is',
  needs: ['prometheus'],
  timeLimitMs: LIMIT_MS,
  lacks: (target) => lacksPredictions(target) ?? lacksMetrics(target),
  async run(context) {
    const { cluster, history } = context;
    const target = { ...context.target, replicas: REPLICAS };
    const address = cluster.monitoring?.receiver;
    const image = cluster.monitoring?.prometheus;
    if (address === undefined || image === undefined) {
      history.fact(
        'alerts.unreachable',
        'pods of this cluster have no known way to this machine, which receives the alerts',
      );
      return;
    }
    const { site, stopObserving } = await deployModel({ ...context, target }, 'rolling');
    if (site === undefined) return stopObserving();
    const receiver = await startReceiver(address);
    const podState = await startPodState(site.kube, address);
    try {
      const { prometheus } = await own(context, 'monitoring', 'install Prometheus and Alertmanager', () =>
        monitor(site, receiver, podState.address),
      );
      history.fact(
        'alerts.promtool',
        await own(context, 'promtool', 'check and test the rules', () =>
          runPromtool(site.kube, target, { image, signal: context.signal }),
        ),
      );
      writeFileSync(join(context.folder, 'alert-rules.yaml'), alertRulesYaml(target));
      writeFileSync(join(context.folder, 'dashboard.json'), `${JSON.stringify(dashboard(target), undefined, 2)}\n`);
      await withPlannedTraffic(context, modelTraffic(site), async () => {
        await own(context, 'quiet', 'watch the healthy model', () => quiet(site, prometheus));
        history.fact('alerts.dashboard', await askDashboard(prometheus, target));
        for (const cause of causesOf(target)) {
          const fact = await trial(context, `cause.${cause.name}`, `raise ${cause.alerts.join(' and ')}`, () =>
            watchCause(site, cause, receiver),
          );
          if (fact !== undefined) history.fact(`alerts.${cause.name}`, fact);
        }
      });
    } finally {
      history.fact('alerts.received', receiver.received);
      receiver.close();
      podState.close();
      await stopObserving();
    }
  },
};

function lacksMetrics(target: ModelTarget) {
  if (modelMetrics(target) !== undefined) return undefined;
  return {
    what: `It is not known under which names a server of protocol ${target.serving.protocol} tells its figures to Prometheus`,
    where: `${target.file} serving.protocol`,
    fix: 'there are rules for protocol rest, for servers that tell http_requests_total and http_request_duration_seconds',
  };
}

async function monitor({ kube, context }: Site, receiver: Receiver, podState: string) {
  const { target, cluster, history, signal } = context;
  const installed = await installMonitoring(
    kube,
    {
      images: cluster.monitoring ?? { prometheus: '', alertmanager: '' },
      rules: alertRulesYaml(target, trialTiming),
      scrapes: [modelScrape(target)],
      exporters: [{ job: podStateJob, address: podState }],
      receivers: [
        { kind: 'webhook', url: `${receiver.url}${receiverPaths.alerts}` },
        {
          kind: 'slack',
          url: `${receiver.url}${receiverPaths.slack}`,
          channel: target.communication?.channel ?? '#alerts',
        },
      ],
    },
    { history, signal },
  );
  const limit = { timeoutMs: TARGETS_WITHIN_MS, signal };
  for (const job of ['model', podStateJob]) await installed.prometheus.waitForTargets({ job }, limit);
  return installed;
}

/** A rule that cries wolf does so in the time in which it would fire for a reason. */
async function quiet({ context }: Site, prometheus: Prometheus): Promise<void> {
  const { target, history, signal } = context;
  const watchedMs = (trialTiming.window + 2 * trialTiming.hold) * 1000;
  await delay(watchedMs, undefined, { signal });
  const expression = modelMetrics(target)?.requests(WINDOW, 'job') ?? '';
  const [{ value: requestRate } = { value: 0 }] = await prometheus.query(expression, signal);
  history.fact('alerts.quiet', { watchedMs, requestRate, firing: await prometheus.firing(signal) });
}

async function askDashboard(prometheus: Prometheus, target: ModelTarget): Promise<DashboardFact> {
  const queries = dashboardPanels(target).flatMap(({ title, queries: of }) =>
    of.map(({ expr }) => ({ panel: title, expr })),
  );
  return Promise.all(
    queries.map(async ({ panel, expr }) => {
      try {
        const samples = await prometheus.query(expr.replaceAll(WINDOW_VARIABLE, WINDOW));
        // NaN is what a division by nothing gives: no panel can draw it.
        return { panel, expr, samples: samples.filter(({ value }) => Number.isFinite(value)).length };
      } catch (thrown) {
        return { panel, expr, samples: 0, error: messageOf(thrown) };
      }
    }),
  );
}
