import type { Calls } from '../../helpers/traffic/analysis/calls.ts';
import type { TrafficCall } from '../../helpers/traffic/records.ts';

/** A pod in one version, as the answers themselves tell who gave them. */
export interface Server {
  name: string;
  /** As short as it can be without being mistaken for another one. */
  label: string;
  /** When it answered, in seconds since the change began, in order. */
  answers: number[];
}

/** Who answered, the first one first; nobody where the answers do not tell. */
export function serversOf(calls: Calls, since: (moment: number) => number): Server[] {
  const answered = new Map<string, number[]>();
  for (const call of calls) {
    const name = nameOf(call);
    if (call.outcome !== 'served' || call.path === 'control' || name === undefined) continue;
    const answers = answered.get(name) ?? [];
    answered.set(name, answers);
    answers.push(since(call.end));
  }
  for (const answers of answered.values()) answers.sort((a, b) => a - b);
  const versions = new Set([...answered.keys()].map((name) => partsOf(name).version));
  const inTurn = [...answered].sort(([, [a = 0]], [, [b = 0]]) => a - b);
  return inTurn.map(([name, answers]) => {
    const { pod, version } = partsOf(name);
    // Pods of one workload differ at the end of their names.
    const short = pod.split('-').slice(-2).join('-');
    return { name, label: versions.size > 1 ? `${short} ${version}`.trim() : short, answers };
  });
}

/** The one that the client met: behind a gateway, the gateway. */
function nameOf({ servedBy: { gateway, pod, version } = {} }: TrafficCall): string | undefined {
  return gateway ?? ([pod, version].filter((part) => part !== undefined).join('; ') || undefined);
}

/** `gateway-5ff4bc89bd-b4krb; config=7fc354cc` is a pod and what it said about its version. */
function partsOf(name: string): { pod: string; version: string } {
  const [pod = '', ...rest] = name.split(/;\s*/);
  return { pod, version: rest.join(' ').replace(/^\w+=/, '') };
}
