import { cpSync, existsSync, mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { readDocument } from '../config/document.ts';
import { UserError } from '../errors.ts';
import { boundaryOf, unsafeCopy } from '../target/boundary.ts';
import type { ChartSource } from '../target/schema.ts';
import { runHelm } from './run.ts';
import type { HelmSetup } from './run.ts';

/** A chart in a folder of this machine. */
export interface Chart {
  name: string;
  version: string;
  appVersion?: string;
  /** Absolute path of the folder that it was pulled or copied to. */
  folder: string;
  /** Where it came from, as declared. */
  source: string;
  /** Digest in the registry, for charts that have one. */
  digest?: string;
}

/** Both become names of folders that are written and deleted. */
const folderName = z
  .string()
  .regex(/^[A-Za-z0-9][\w.+-]*$/, 'must be letters, digits, "_", ".", "+" and "-", as Helm has them');

const chartFile = z.object({
  name: folderName,
  version: folderName,
  appVersion: z.coerce.string().optional(),
});

/** How a person would name the source. */
export function describeSource(source: ChartSource): string {
  if ('path' in source) return source.path;
  return 'oci' in source ? `${source.oci}:${source.version}` : `${source.repo}/${source.name}:${source.version}`;
}

/**
 * Finds the chart and has it as a folder below `home`: pulled from a registry or repository, or copied, so that a chart which somebody
 * edits meanwhile stays the same for whoever resolved it.
 * @param base folder that paths are relative to.
 * @param plainHttp `host:port` of the one registry that is spoken to without TLS: the trial cluster's own.
 * @throws UserError when there is no such chart.
 */
export async function resolveChart(
  setup: Pick<HelmSetup, 'binary' | 'home'>,
  source: ChartSource,
  { base, plainHttp }: { base: string; plainHttp?: string | undefined },
): Promise<Chart> {
  const where = describeSource(source);
  if ('path' in source)
    return snapshot(resolve(base, source.path), where, { base, charts: join(setup.home, 'charts') });
  const name = 'oci' in source ? source.oci : `${source.repo}/${source.name}`;
  const folder = join(setup.home, 'charts', `${name}-${source.version}`.replaceAll(/[^\w.-]+/g, '_'));
  mkdirSync(folder, { recursive: true });
  const isPlain = 'oci' in source && plainHttp !== undefined && source.oci.startsWith(`oci://${plainHttp}/`);
  const reference = 'oci' in source ? [source.oci] : [source.name, '--repo', source.repo];
  const version = ['--version', source.version, ...(isPlain ? ['--plain-http'] : [])];
  const args = ['pull', ...reference, ...version, '--untar', '--untardir', folder];
  const output =
    existsSync(folder) && readdirSync(folder).length > 0 ? '' : await runHelm(setup, args, { action: 'pull', where });
  const [pulled] = readdirSync(folder);
  if (pulled === undefined) throw new Error(`helm pull ${where} left nothing behind`);
  refuseLinks(join(folder, pulled), realpathSync(folder));
  const chart = readChart(join(folder, pulled), where);
  const digest = /Digest: (sha256:[0-9a-f]+)/.exec(output)?.[1];
  return { ...chart, ...(digest === undefined ? {} : { digest }) };
}

function snapshot(folder: string, source: string, { base, charts }: { base: string; charts: string }): Chart {
  if (existsSync(folder)) refuseLinks(folder, boundaryOf(base));
  const { name, version } = readChart(folder, source);
  // Two versions of a chart may be in use at the same time.
  const copy = join(charts, version, name);
  rmSync(copy, { recursive: true, force: true });
  cpSync(folder, copy, { recursive: true, dereference: true });
  return readChart(copy, source);
}

/** @throws UserError when a link in the chart leads out of `boundary`. */
function refuseLinks(folder: string, boundary: string): void {
  const problem = unsafeCopy(folder, boundary);
  if (problem === undefined) return;
  throw new UserError({
    what: `The chart ${problem}`,
    where: folder,
    fix: 'put what it needs into the chart: templates could show whatever a link leads to',
  });
}

/** @throws UserError when the folder holds no chart. */
function readChart(folder: string, source: string): Chart {
  const file = join(folder, 'Chart.yaml');
  if (!existsSync(file)) {
    throw new UserError({
      what: 'There is no chart here: Chart.yaml is missing',
      where: folder,
      fix: 'correct the path of the chart in target.yaml',
    });
  }
  const parsed = chartFile.safeParse(readDocument(file).value);
  if (!parsed.success) {
    throw new UserError({
      what: `Chart.yaml is not that of a chart: ${z.prettifyError(parsed.error)}`,
      where: file,
      fix: 'give the chart a name and a version that Helm takes',
    });
  }
  const { name, version, appVersion } = parsed.data;
  return { name, version, folder, source, ...(appVersion === undefined ? {} : { appVersion }) };
}
