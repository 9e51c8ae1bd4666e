import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { StoredRun } from '../../verdict/run-folder.ts';
import type { Source } from './source.ts';

/** What the run knows of its cluster, less what describes the machine: paths of a kubeconfig and of tools. */
const clusterFile = z.object({
  value: z.object({
    provider: z.string(),
    reason: z.string().optional(),
    context: z.string().optional(),
    kubernetesVersion: z.string().optional(),
    parts: z.array(z.string()).optional(),
  }),
});

const chartFile = z.looseObject({ name: z.string(), version: z.coerce.string() });

/** `versions.json`: everything with a version, from what the run recorded. Pure but for the reading. */
export function versionsText(runFolder: string, run: StoredRun, contents: ReadonlyMap<string, Source>): string {
  const cluster = clusterFile.safeParse(readJson(join(runFolder, 'cluster.json'))).data?.value;
  const images = [...contents].flatMap(([path, source]) =>
    path.startsWith('images/') && 'file' in source
      ? [[path.slice('images/'.length), readJson(source.file)] as const]
      : [],
  );
  const facts = run.targets.flatMap(({ declared, histories }) =>
    [...histories].flatMap(([experiment, history]) => {
      const versions = history.fact('versions');
      return versions === undefined ? [] : [{ target: declared.name, experiment, versions }];
    }),
  );
  const value = {
    seatrial: run.about?.seatrialVersion ?? null,
    kubernetes: run.kubernetesVersion ?? null,
    cluster: cluster ?? null,
    charts: chartsIn(contents),
    resolved: resolvedCharts(run),
    images: Object.fromEntries(images),
    recorded: facts,
  };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function chartsIn(contents: ReadonlyMap<string, Source>): { path: string; name: string; version: string }[] {
  return [...contents].flatMap(([path, source]) => {
    if (!path.startsWith('charts/') || !path.endsWith('/Chart.yaml') || !('file' in source)) return [];
    const read = chartFile.safeParse(parseYaml(readFileSync(source.file, 'utf8'))).data;
    return read === undefined ? [] : [{ path, name: read.name, version: read.version }];
  });
}

/** Where charts came from, with their digests where a registry has them. */
function resolvedCharts({ targets }: StoredRun) {
  return targets.flatMap(({ histories }) =>
    (histories.get('chart.static')?.steps ?? [])
      .filter(({ id, ok }) => ok && id.startsWith('resolve.'))
      .map(({ id, detail }) => ({ release: id.slice('resolve.'.length), ...detail })),
  );
}

function readJson(file: string): unknown {
  if (!existsSync(file)) return undefined;
  return parseYaml(readFileSync(file, 'utf8'));
}

/** JSON is YAML, too; what is neither counts as not there. */
function parseYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
