import { applyObjects } from '../../kubernetes/apply.ts';
import type { Kube } from '../../kubernetes/kube.ts';
import { kinds } from '../../kubernetes/resources.ts';
import type { KubeObject } from '../../kubernetes/resources.ts';
import { waitFor } from '../../kubernetes/wait.ts';
import { alertRulesYaml, productionTiming, trialTiming } from '../../monitoring/rules.ts';
import { alertRuleTestsYaml } from '../../monitoring/rule-tests.ts';
import type { PromtoolFact } from '../../rollout/alert-facts.ts';
import type { ModelTarget } from '../../target/model/schema.ts';

const name = 'promtool';
/** It takes a second; the rest is for pulling the image. In ms. */
const LIMIT_MS = 120_000;
const LOG_LINES = 200;

const timings = { delivered: productionTiming, trial: trialTiming };

/** Has promtool check and test the rules, those that are delivered and those of the trial: a container of one pod each. */
export async function runPromtool(
  kube: Kube,
  target: ModelTarget,
  { image, signal }: { image: string; signal: AbortSignal },
): Promise<PromtoolFact> {
  const files = Object.fromEntries(
    Object.entries(timings).flatMap(([of, timing]) => [
      [`${of}.yml`, alertRulesYaml(target, timing)],
      [`${of}.test.yml`, alertRuleTestsYaml(target, timing, `${of}.yml`)],
    ]),
  );
  const containers = Object.keys(timings).flatMap((of) => [
    container(`check-${of}`, image, ['promtool', 'check', 'rules', `/rules/${of}.yml`]),
    container(`test-${of}`, image, ['promtool', 'test', 'rules', `/rules/${of}.test.yml`]),
  ]);
  await applyObjects(kube, [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: files },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, labels: { 'sidecar.istio.io/inject': 'false' } },
      spec: {
        restartPolicy: 'Never',
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, runAsUser: 65_534, seccompProfile: { type: 'RuntimeDefault' } },
        containers,
        volumes: [
          { name: 'rules', configMap: { name } },
          { name: 'tmp', emptyDir: {} },
        ],
      },
    },
  ] as unknown[] as KubeObject[]);
  const [pod] = await waitFor(
    kube,
    'promtool has ended',
    { resource: kinds.pod, selection: { namespace: kube.namespace ?? '', name } },
    (pods) => pods.some(({ status }) => status?.phase === 'Succeeded' || status?.phase === 'Failed'),
    { timeoutMs: LIMIT_MS, signal },
  );
  return Promise.all(
    (pod?.status?.containerStatuses ?? []).map(async ({ name: what, state }) => ({
      what,
      exitCode: state?.terminated?.exitCode ?? -1,
      output: await kube.log(name, { container: what, tail: LOG_LINES }),
    })),
  );
}

function container(name: string, image: string, command: string[]): object {
  return {
    name,
    image,
    command,
    workingDir: '/rules',
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
    volumeMounts: [
      { name: 'rules', mountPath: '/rules' },
      // It tests rules on a database there.
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
}
