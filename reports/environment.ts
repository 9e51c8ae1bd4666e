import { z } from 'zod';
import { version } from '../helpers/run/version.ts';
import type { StoredRun } from '../helpers/verdict/run-folder.ts';

/** What the resolution of a chart records. */
const resolved = z.object({ source: z.string(), version: z.string() });

/** What a run ran on, by name: for reports that show such a table. */
export function environmentOf(
  { id, provider, kubernetesVersion, targets }: StoredRun,
  commit?: string,
): Record<string, string> {
  const [own] = targets;
  const known = {
    Run: id,
    Target: own?.declared.name,
    'Kind of target': own?.declared.kind,
    Provider: provider,
    Kubernetes: kubernetesVersion,
    Commit: commit,
    Seatrial: version,
    Node: process.version,
    ...chartsOf(own),
  };
  return Object.fromEntries(Object.entries(known).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

function chartsOf(target: StoredRun['targets'][number] | undefined): Record<string, string> {
  const steps = target?.histories.get('chart.static')?.steps ?? [];
  return Object.fromEntries(
    steps.flatMap(({ id, detail }) => {
      const chart = resolved.safeParse(detail).data;
      if (chart === undefined || !id.startsWith('resolve.')) return [];
      return [[`Chart ${id.slice('resolve.'.length)}`, `${chart.version} from ${chart.source}`]];
    }),
  );
}
