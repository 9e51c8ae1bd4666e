import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Live, Workload } from '../../../../helpers/architecture/live.ts';
import type { Architecture } from '../../../../helpers/architecture/schema.ts';
import { History } from '../../../../helpers/history/history.ts';

interface Recording {
  declared: Architecture;
  live: Live;
}

/**
 * What the experiment `architecture` recorded of the bundled target on the embedded cluster, three gateways by autoscaler and with an
 * Ingress. It does not meet its declaration: it brings its own database, and that cluster has neither metrics nor an enforcing network.
 */
export function recording(): Recording {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'recorded.json'), 'utf8')) as Recording;
}

/** The same as it would be in production: what that cluster could not have is there. */
export function production(): Recording {
  const { declared, live } = recording();
  const bundled = live.workloads.filter(({ kind }) => kind === 'StatefulSet');
  const autoscalers = live.autoscalers.map(({ name, spec }) => ({ name, spec }));
  return {
    declared,
    live: {
      ...live,
      workloads: live.workloads.filter((workload) => !bundled.includes(workload)),
      autoscalers,
      stores: live.stores.map((store) =>
        store.name === 'database' ? { ...store, host: 'db.example.com', tls: { sslmode: 'verify-full' } } : store,
      ),
      networkPlugins: { enforcing: ['cilium'], ignoring: [] },
    },
  };
}

/** The workload of that name, to be damaged. */
export function workload(live: Live, name: string): Workload {
  const found = live.workloads.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

/** The container that serves in a workload of that name, to be damaged. */
export function container(live: Live, name: string) {
  const [first] = workload(live, name).template.spec.containers;
  if (first === undefined) throw new Error(`${name} has no container`);
  return first;
}

/** Its history, as the experiment would leave it. */
export function architectureHistory({ declared, live }: Recording = production()): History {
  const at = 1_795_255_200_000;
  const releases = ['custom-server', 'gateway'];
  const target = { name: 'contextforge', releases, kubernetesVersions: ['1.36'], notApplicable: {} };
  return new History([
    { type: 'begin', at, experiment: 'architecture', target: 'contextforge', run: '20261121-100000-abcd' },
    { type: 'fact', at, key: 'target.declared', value: target },
    { type: 'fact', at, key: 'architecture.declared', value: declared },
    ...releases.map((name) => ({
      type: 'step' as const,
      id: `install.${name}`,
      title: `helm install ${name}`,
      start: at,
      end: at + 9000,
      ok: true,
    })),
    { type: 'fact', at: at + 19_000, key: 'architecture.live', value: live },
    { type: 'end', at: at + 20_000, status: 'completed' },
  ]);
}
