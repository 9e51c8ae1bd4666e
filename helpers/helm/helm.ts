import type { HistoryWriter } from '../history/history.ts';
import type { ClusterAccess } from '../cluster/provider.ts';
import { shortName } from '../config/document.ts';
import { resolveChart } from './chart.ts';
import type { Chart } from './chart.ts';
import { breaksSchema } from './explain.ts';
import { parseLint } from './lint.ts';
import type { Lint } from './lint.ts';
import { runHelm, tryHelm } from './run.ts';
import type { HelmSetup } from './run.ts';
import type { ChartSource } from '../target/schema.ts';

/** Values for a chart: files, later ones win, then single values. No secrets: they are visible to the machine's other users. */
export interface Values {
  files?: readonly string[];
  set?: Record<string, string | number | boolean>;
}

/** A release to install or upgrade. */
export interface ReleaseInput extends Values {
  name: string;
  chart: Chart;
  /** What `helm --timeout` gets, e.g. `10m`. */
  timeout?: string;
}

export interface Revision {
  revision: number;
  status: string;
  chart: string;
  description: string;
}

export interface TestPod {
  name: string;
  /** e.g. `Succeeded`. */
  phase: string;
}

interface CallOptions {
  signal?: AbortSignal | undefined;
}

/** Helm, as its users run it. Everything that changes the cluster is written to the history before it is done. */
export class Helm {
  readonly #setup: HelmSetup;
  readonly #history: HistoryWriter | undefined;
  readonly #plainHttp: string | undefined;

  /** @param options.plainHttp registry that is spoken to without TLS. */
  constructor(
    setup: HelmSetup,
    { history, plainHttp }: { history?: HistoryWriter | undefined; plainHttp?: string | undefined } = {},
  ) {
    this.#setup = setup;
    this.#history = history;
    this.#plainHttp = plainHttp;
  }

  /** Helm on one namespace of a cluster. */
  static on(
    cluster: ClusterAccess,
    { namespace, home, history }: { namespace: string; home: string; history?: HistoryWriter | undefined },
  ): Helm {
    const { helm: binary, kubeconfig, context, registry } = cluster;
    return new Helm(
      { binary, home, cluster: { kubeconfig, context, namespace } },
      { history, plainHttp: registry?.push },
    );
  }

  async version(): Promise<string> {
    const output = await runHelm(this.#local(), ['version', '--template', '{{.Version}}'], {
      action: 'version',
      where: 'helm',
    });
    return output.trim();
  }

  resolve(source: ChartSource, base: string): Promise<Chart> {
    return resolveChart(this.#local(), source, { base, plainHttp: this.#plainHttp });
  }

  /** What `helm lint` finds; findings are a result, not an error. */
  async lint({ chart, ...values }: ReleaseInput, kubeVersion: string): Promise<Lint> {
    const args = ['lint', chart.folder, '--kube-version', kubeVersion, ...valueFlags(values)];
    const { failed, stdout, words } = await tryHelm(this.#local(), args);
    const lint = parseLint(stdout);
    // Exit code 1 means both "findings" and "could not lint": what it printed tells.
    if (failed && lint.errors === 0) throw new Error(`helm lint failed (${chart.source}): ${words}`);
    return lint;
  }

  /** The manifest, for a cluster of that version (`1.36`) without asking one. */
  template({ name, chart, ...values }: ReleaseInput, kubeVersion: string): Promise<string> {
    const args = ['template', name, chart.folder, '--kube-version', kubeVersion, ...valueFlags(values)];
    return this.#run(args, `template ${name} for Kubernetes ${kubeVersion}`, chart, values, { local: true });
  }

  /** Whether the chart's schema refuses these values. Templates that fail on them are no schema. */
  async isRefusedBySchema({ name, chart, ...values }: ReleaseInput, kubeVersion: string): Promise<boolean> {
    const args = ['template', name, chart.folder, '--kube-version', kubeVersion, ...valueFlags(values)];
    const { failed, words } = await tryHelm(this.#local(), args);
    return failed && breaksSchema(words);
  }

  /** Installs and waits until everything is ready. */
  install(release: ReleaseInput, options: CallOptions = {}): Promise<string> {
    return this.#deploy('install', release, options);
  }

  /** Upgrades and waits until everything is ready. */
  upgrade(release: ReleaseInput, options: CallOptions = {}): Promise<string> {
    return this.#deploy('upgrade', release, options);
  }

  /** The same; when that fails, Helm itself brings the revision before back, waits for it, and this throws. */
  async upgradeOrRollBack(release: ReleaseInput, options: CallOptions = {}): Promise<string> {
    // Helm 4 gave the flag a name that says what it does.
    const flag = (await this.version()).startsWith('v3.') ? '--atomic' : '--rollback-on-failure';
    return this.#deploy('upgrade', release, options, [flag]);
  }

  /** Rolls back to an earlier revision and waits until everything is ready. */
  rollback(
    name: string,
    revision: number,
    { timeout = '10m', signal }: CallOptions & { timeout?: string } = {},
  ): Promise<string> {
    return this.#write('rollback', name, [name, String(revision), '--wait', '--timeout', timeout], { signal });
  }

  uninstall(name: string, { timeout = '10m', signal }: CallOptions & { timeout?: string } = {}): Promise<string> {
    return this.#write('uninstall', name, [name, '--wait', '--timeout', timeout], { signal });
  }

  /** Runs the chart's tests. An empty list: it has none. @throws Error when one fails. */
  async test(name: string, { timeout = '10m', signal }: CallOptions & { timeout?: string } = {}): Promise<TestPod[]> {
    await this.#write('test', name, [name, '--timeout', timeout], { signal });
    const { hooks = [] } = JSON.parse(await this.#read('status', name, ['--output', 'json'])) as ReleaseStatus;
    return hooks
      .filter(({ events }) => events.includes('test'))
      .map(({ name: pod, last_run }) => ({ name: pod, phase: last_run?.phase ?? 'unknown' }));
  }

  async history(name: string): Promise<Revision[]> {
    const rows = JSON.parse(await this.#read('history', name, ['--output', 'json'])) as Revision[];
    return rows.map(({ revision, status, chart, description }) => ({ revision, status, chart, description }));
  }

  /** The manifest of the installed release. */
  manifest(name: string): Promise<string> {
    return runHelm(this.#setup, ['get', 'manifest', name], {
      action: `get manifest ${name}`,
      where: `release ${name}`,
    });
  }

  #deploy(
    verb: 'install' | 'upgrade',
    release: ReleaseInput,
    { signal }: CallOptions,
    flags: readonly string[] = [],
  ): Promise<string> {
    const { name, chart, timeout = '10m', ...values } = release;
    const args = [verb, name, chart.folder, '--wait', '--timeout', timeout, ...flags, ...valueFlags(values)];
    this.#record(verb, name);
    return this.#run(args, `${verb} ${name}`, chart, values, { signal });
  }

  #write(verb: string, name: string, args: string[], options: CallOptions): Promise<string> {
    this.#record(verb, name);
    return runHelm(this.#setup, [verb, ...args], { action: `${verb} ${name}`, where: `release ${name}` }, options);
  }

  #read(verb: string, name: string, args: string[]): Promise<string> {
    return runHelm(this.#setup, [verb, name, ...args], { action: `${verb} ${name}`, where: `release ${name}` });
  }

  #run(
    args: string[],
    action: string,
    chart: Chart,
    { files = [] }: Values,
    options: CallOptions & { local?: boolean },
  ): Promise<string> {
    const attempt = { action, where: chart.source, valuesFiles: files.map(shortName) };
    return runHelm(options.local === true ? this.#local() : this.#setup, args, attempt, options);
  }

  #record(verb: string, name: string): void {
    this.#history?.write(`helm ${verb}`, `release/${name}`, this.#setup.cluster?.namespace);
  }

  #local(): HelmSetup {
    const { binary, home } = this.#setup;
    return { binary, home };
  }
}

interface ReleaseStatus {
  hooks?: { name: string; events: string[]; last_run?: { phase?: string } }[];
}

/** `--set` takes commas, braces and backslashes for syntax unless they are escaped. */
export function valueFlags({ files = [], set = {} }: Values): string[] {
  return [
    ...files.flatMap((file) => ['--values', file]),
    ...Object.entries(set).flatMap(([key, value]) =>
      typeof value === 'string'
        ? ['--set-string', `${key}=${value.replaceAll(/[\\,{}]/g, (character) => `\\${character}`)}`]
        : ['--set', `${key}=${String(value)}`],
    ),
  ];
}
