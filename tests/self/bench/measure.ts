import { readdirSync, readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { existingNamespaces, namespacePids } from '../../../helpers/cluster/embedded/network.ts';
import { cgroupPids } from '../../../helpers/cluster/embedded/cgroups.ts';

/** One figure of the bench: what was measured, how often, and what is to be reached. */
export interface Figure {
  name: string;
  unit: 's' | 'ms' | 'MiB' | 'kB' | 'count' | 'permille' | '%';
  /** All measurements, in the order in which they were taken. */
  samples: number[];
  /** Which of the samples' statistics the limit is for. */
  limits: { statistic: 'p50' | 'p95' | 'max'; atMost: number }[];
  note?: string;
}

/**
 * The smallest sample that at least `share` of all samples do not exceed (nearest rank).
 * @param share between 0 and 1
 */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

const statistics = {
  p50: (samples: number[]) => quantile(samples, 0.5),
  p95: (samples: number[]) => quantile(samples, 0.95),
  max: (samples: number[]) => Math.max(...samples),
};

/** The figures as a Markdown table, with what was reached and what was to be reached. */
export function table(figures: Figure[]): string {
  const rows = figures.map(({ name, unit, samples, limits, note = '' }) => {
    const value = (statistic: keyof typeof statistics) =>
      `${statistics[statistic](samples).toFixed(['count', 'MiB', 'kB'].includes(unit) ? 0 : 1)} ${unit}`;
    const reached = limits.map(({ statistic, atMost }) =>
      statistics[statistic](samples) <= atMost ? 'yes' : '**no**',
    );
    const wanted = limits.map(({ statistic, atMost }) => `${statistic} ≤ ${String(atMost)} ${unit}`);
    return [
      name,
      samples.length,
      value('p50'),
      value('p95'),
      value('max'),
      wanted.join(', ') || 'report',
      reached.join(', ') || '–',
      note,
    ];
  });
  const header = ['figure', 'n', 'P50', 'P95', 'max', 'reach', 'reached', 'note'];
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** What the figures were measured on: without it they mean nothing. */
export function machine(): Record<string, string> {
  const [cpu] = cpus();
  return {
    cpu: `${String(cpus().length)} × ${cpu?.model ?? 'unknown'}`,
    memory: `${(totalmem() / 1024 ** 3).toFixed(0)} GiB`,
    kernel: readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim(),
    node: process.version,
  };
}

/** Proportional set size of every process of the embedded cluster, in MiB: shared pages are counted once. */
export function clusterMemory(): number {
  const names = existingNamespaces();
  const pids = new Set([...names.flatMap(namespacePids), ...names.flatMap(cgroupPids)]);
  const pss = (pid: number) =>
    Number(/^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(pid)}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  return [...pids].reduce((sum, pid) => sum + pss(pid), 0) / 1024;
}

/** What of the embedded cluster is left on the machine: names of network namespaces, links, cgroups and mounts. */
export function leftovers(): string[] {
  const below = (folder: string) => readdirSync(folder).filter((name) => name.startsWith('seatrial'));
  const cgroups = readdirSync('/sys/fs/cgroup', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => (name.startsWith('seatrial') ? [name] : below(`/sys/fs/cgroup/${name}`)));
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .filter((line) => line.includes('seatrial'));
  return [...existingNamespaces(), ...below('/sys/class/net'), ...cgroups, ...mounts];
}
