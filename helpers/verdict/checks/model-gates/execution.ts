import { countsCalls } from '../../../rollout/counters.ts';
import { CANDIDATE, accuracyFact, entryFact, metricsFact, podsFact, usageFact } from '../../../rollout/facts.ts';
import { atMost, check, fail, inconclusive, ofFact, ofStep, pass } from '../../finding.ts';
import { ofRollout } from '../../rollouts.ts';

/** What was deployed, and what it is like: the checks that read facts of an experiment of a strategy. */
export function executionChecks(experiment: string) {
  const id = (name: string) => `${experiment}.gate.${name}`;
  return {
    noErrors: check({
      id: id('no-errors'),
      title: 'The deployment was completed without errors',
      expected: '0 steps of the deployment and of the rollout that failed',
      experiment,
      evaluate: (history) =>
        ofStep(history, 'deploy', () =>
          ofRollout(history, CANDIDATE, ({ phases, outcome, evidence }) => {
            const failed = phases
              .filter(({ step }) => !step.ok)
              .map(({ phase, step }) => `${phase.name}: ${step.error ?? ''}`);
            const more = outcome.result === 'completed' ? [] : [`the rollout ended as ${outcome.result}`];
            return atMost(0, 'errors', [...failed, ...more], evidence);
          }),
        ),
    }),
    podsReady: check({
      id: id('pods-ready'),
      title: 'All pods are running and ready',
      expected: '100 % of the declared replicas ready',
      experiment,
      evaluate: (history) =>
        ofRollout(history, CANDIDATE, ({ replicas }) =>
          ofFact(history, `pods.${CANDIDATE}`, podsFact, (pods, evidence) => {
            const ready = pods.filter((pod) => pod.ready).length;
            const seen = `${String(ready)} of ${String(pods.length)} pods ready, ${String(replicas)} replicas declared`;
            return ready === pods.length && ready === replicas ? pass(seen, evidence) : fail(seen, evidence);
          }),
        ),
    }),
    healthPassing: check({
      id: id('health-passing'),
      title: 'Health checks pass, and have not had to restart a pod',
      expected: 'every pod ready, 0 restarts',
      experiment,
      evaluate: (history) =>
        ofFact(history, `pods.${CANDIDATE}`, podsFact, (pods, evidence) => {
          if (pods.length === 0) return inconclusive('there was no pod whose health could be checked');
          const ill = pods
            .filter(({ ready, restarts }) => !ready || restarts > 0)
            .map(
              ({ name, ready, restarts }) => `${name} (${ready ? 'ready' : 'not ready'}, ${String(restarts)} restarts)`,
            );
          return atMost(0, `of ${String(pods.length)} pods with failing health checks`, ill, evidence);
        }),
    }),
    loadBalancer: check({
      id: id('load-balancer'),
      title: 'The load balancer is configured, and users enter by it',
      expected: 'a Service of type LoadBalancer with ClientIP affinity of 10800 s, and an address at which it serves',
      experiment,
      evaluate: (history) =>
        ofFact(history, 'entry.service', entryFact, ({ type, affinity, affinitySeconds, way, url }, evidence) => {
          const seen = `type ${type}, affinity ${affinity} ${String(affinitySeconds)} s, ${url}`;
          if (type !== 'LoadBalancer' || affinity !== 'ClientIP' || affinitySeconds !== 10_800)
            return fail(seen, evidence);
          if (way !== 'load-balancer')
            return inconclusive(`${seen}: this cluster hands out no addresses, so it was entered by its node port`);
          return pass(seen, evidence);
        }),
    }),
    metricsActive: check({
      id: id('metrics-active'),
      title: 'Metrics are collected from every pod, and move',
      expected:
        'metrics in Prometheus format from each pod, and a counter of calls that has counted some where calls arrive',
      experiment,
      evaluate: (history) =>
        ofFact(history, 'metrics', metricsFact, (pods, evidence) => {
          if (pods.length === 0) return inconclusive('there was no pod to be asked for metrics');
          const silent = pods.filter(({ names }) => names.length === 0).map(({ pod }) => pod);
          if (silent.length > 0) return atMost(0, `of ${String(pods.length)} pods without metrics`, silent, evidence);
          // A client stays with one pod, so others may have been called by nobody; and many servers show a counter from its first call on.
          const counting = pods.filter(({ names }) => names.some(countsCalls));
          if (counting.length === 0)
            return fail(`${String(pods.length)} pods, none of which has a counter of calls`, evidence);
          if (counting.every(({ counted }) => counted === 0))
            return fail(`${String(counting.length)} pods with counters, none of which has counted a call`, evidence);
          return pass(
            `${String(pods.length)} pods with metrics, ${String(counting.length)} with counters of calls`,
            evidence,
          );
        }),
    }),
    accuracy: check({
      id: id('accuracy'),
      title: 'Predictions are as accurate as is expected',
      expected:
        'at least the declared share of right answers to the labelled rows, and no more lost against the version before than is declared',
      experiment,
      evaluate: (history) =>
        ofRollout(history, CANDIDATE, ({ from, to }) =>
          ofFact(history, 'accuracy', accuracyFact, ({ minimum, mayLose, versions }, evidence) => {
            const [before, after] = [from, to].map((version) => versions.find((one) => one.version === version));
            if (after === undefined || after.rows === 0) return inconclusive(`version ${to} was asked no labelled row`);
            const share = (one: { right: number; rows: number }) => one.right / one.rows;
            const seen = [before, after]
              .flatMap((one) =>
                one === undefined ? [] : [`${one.version} ${String(one.right)} of ${String(one.rows)}`],
              )
              .join(', ');
            if (share(after) < minimum) return fail(`${seen}: less than ${String(minimum)}`, evidence);
            if (before === undefined) return inconclusive(`${seen}; version ${from} was asked no labelled row`);
            if (share(after) < share(before) - mayLose) return fail(`${seen}: less than before`, evidence);
            return pass(seen, evidence);
          }),
        ),
    }),
    resources: check({
      id: id('resources'),
      title: 'Resource usage stays within the limits',
      expected: 'memory and CPU of every pod below its limits, 0 containers killed for their memory',
      experiment,
      evaluate: (history) =>
        ofFact(history, 'usage', usageFact, ({ limits, pods }, evidence) => {
          const unknown = pods.filter(
            ({ memoryBytes, cpuCores }) => memoryBytes === undefined || cpuCores === undefined,
          );
          const mebibytes = (bytes = 0) => `${String(Math.round(bytes / 2 ** 20))} MiB`;
          const seen = pods
            .map(
              ({ pod, memoryBytes, cpuCores = 0 }) => `${pod}: ${mebibytes(memoryBytes)}, ${cpuCores.toFixed(2)} cores`,
            )
            .join('; ');
          const beyond = pods.filter(
            ({ memoryBytes = 0, cpuCores = 0, oomKills }) =>
              oomKills > 0 || memoryBytes >= limits.memoryBytes || cpuCores >= limits.cpuCores,
          );
          if (beyond.length > 0)
            return fail(
              `beyond the limits: ${beyond.map(({ pod, oomKills }) => `${pod} (${String(oomKills)} OOM kills)`).join(', ')}; ${seen}`,
              evidence,
            );
          if (pods.length === 0 || unknown.length > 0)
            return inconclusive(`the kubelet did not tell what the pods use: ${seen}`);
          return pass(`${seen}; limits ${mebibytes(limits.memoryBytes)}, ${String(limits.cpuCores)} cores`, evidence);
        }),
    }),
  };
}
