import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import type { Mistake } from '../errors.ts';
import type { ProviderName } from '../cluster/provider.ts';
import { readDocument } from './document.ts';
import { parseDeclaration } from './explain.ts';
import { configSchema } from './schema.ts';
import type { Config } from './schema.ts';
import { asFlag, settings } from './settings.ts';
import { nearest } from './suggest.ts';

const PREFIX = 'SEATRIAL_';

type Environment = Readonly<Record<string, string | undefined>>;

/** How to run, from `seatrial.config.yaml` and the environment; all paths are absolute. */
export interface Options {
  /** Folder or file of the target. */
  target: string;
  provider: ProviderName | 'auto';
  context?: string;
  /** Exact names of the contexts that may be written to, each with the address of its server or without. From the person only, never from a target. */
  allowedContexts: string[];
  nodes: number;
  keepCluster: boolean;
  assumeYes: boolean;
  cacheFolder: string;
  stateFolder: string;
  /** Folder of the runs, where it is not the suite's own. */
  runs?: string;
  /** Pods that make the traffic; 0: this machine does. */
  probers: number;
  /** Image of the suite that they run, where it is not built and handed over. */
  proberImage?: string;
  /** `verdict.json` of the base branch, to compare with; it need not be there. */
  base?: string;
  /** First two numbers of the embedded cluster's /16, e.g. `10.199`. */
  network: string;
}

const CONFIG_FILES = ['seatrial.config.yaml', 'seatrial.config.json'] as const;

/**
 * Reads the options that hold in `cwd`. A variable of the environment takes precedence over the config file; an empty variable is
 * as good as none.
 * @throws UserError naming every mistake: file and line, or the variable.
 */
export function loadOptions(cwd: string = process.cwd(), env: Environment = process.env): Options {
  const mistakes = misspeltVariables(env);
  const file = configFile(cwd);
  const fromFile = collect(mistakes, () => (file === undefined ? {} : readConfig(file)));
  const fromEnvironment = collect(mistakes, () => readEnvironment(env));
  const [first, ...rest] = mistakes;
  if (first) throw new UserError(first, ...rest);

  // Paths in the file are meant from the file's folder, those in the environment from where the person stands; both are `cwd`.
  const config = { ...fromFile, ...fromEnvironment };
  const home = env.HOME ?? homedir();
  return {
    target: resolve(cwd, config.target ?? 'fixtures/targets/contextforge'),
    provider: config.provider ?? 'auto',
    ...(config.context === undefined ? {} : { context: config.context }),
    allowedContexts: config.allowedContexts ?? [],
    nodes: config.nodes ?? 2,
    keepCluster: config.keepCluster ?? false,
    assumeYes: config.yes ?? isCi(env),
    cacheFolder: resolve(cwd, config.cache ?? join(env.XDG_CACHE_HOME ?? join(home, '.cache'), 'seatrial')),
    stateFolder: resolve(cwd, config.state ?? join(env.XDG_STATE_HOME ?? join(home, '.local', 'state'), 'seatrial')),
    ...(config.runs === undefined ? {} : { runs: resolve(cwd, config.runs) }),
    probers: config.probers ?? 0,
    ...(config.proberImage === undefined ? {} : { proberImage: config.proberImage }),
    ...(config.base === undefined ? {} : { base: resolve(cwd, config.base) }),
    network: config.network ?? '10.199',
  };
}

/** @throws UserError when there are two: which one would hold could only be guessed. */
function configFile(cwd: string): string | undefined {
  const [file, second] = CONFIG_FILES.map((name) => join(cwd, name)).filter((candidate) => existsSync(candidate));
  if (file !== undefined && second !== undefined) {
    throw new UserError({
      what: 'There are two config files',
      where: dirname(file),
      fix: `keep one of ${CONFIG_FILES.join(' and ')}`,
    });
  }
  return file;
}

function readConfig(file: string): Config {
  const document = readDocument(file);
  // An empty file, or one where everything is commented out, says nothing.
  const parsed = parseDeclaration(configSchema, document.value === null ? { ...document, value: {} } : document);
  if ('mistakes' in parsed) throw new UserError(...parsed.mistakes);
  return parsed.value;
}

function readEnvironment(env: Environment): Config {
  const given = settings.flatMap(({ key, variable, read }) => {
    const text = env[variable];
    return text === undefined || text === '' ? [] : [[key, read(text)] as const];
  });
  const variableOf = (path: readonly PropertyKey[]) =>
    settings.find(({ key }) => key === path[0])?.variable ?? 'environment';
  const parsed = parseDeclaration(configSchema, {
    value: Object.fromEntries(given),
    place: variableOf,
    placeOfKey: (_, key) => variableOf([key]),
  });
  if ('mistakes' in parsed) throw new UserError(...parsed.mistakes);
  return parsed.value;
}

/** A misspelt variable would be ignored in silence, and the run would do something else than was asked. */
function misspeltVariables(env: Environment): Mistake[] {
  const known = settings.map(({ variable }) => variable);
  return Object.keys(env).flatMap((name) => {
    if (!name.startsWith(PREFIX) || known.includes(name)) return [];
    const meant = nearest(
      name.slice(PREFIX.length),
      known.map((variable) => variable.slice(PREFIX.length)),
    );
    if (meant === undefined) return [];
    return [
      {
        what: `${name} is not a setting`,
        where: `environment variable ${name}`,
        fix: `did you mean ${PREFIX}${meant}?`,
      },
    ];
  });
}

function isCi(env: Environment): boolean {
  const ci = env.CI;
  return ci !== undefined && ci !== '' && asFlag(ci) !== false;
}

function collect<T>(mistakes: Mistake[], read: () => T): T | undefined {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof UserError)) throw thrown;
    mistakes.push(...thrown.mistakes);
    return undefined;
  }
}
