import type { UpgradeDocument } from './read.ts';

/** Something that a command of a document is done to. */
export interface NameFact {
  /** `docs/upgrade.md:12`. */
  where: string;
  /** e.g. `release gateway`, `Deployment/gateway`, `namespace mcp`. */
  name: string;
  /** Whether the target has it. */
  known: boolean;
}

/** What the target has, that commands may name. */
export interface KnownNames {
  releases: readonly string[];
  /** `Kind/name` of what the charts render, and of the Secrets that the target declares. */
  objects: readonly string[];
}

const HELM_VERBS = ['upgrade', 'rollback', 'test', 'history', 'status', 'get', 'uninstall'];
/** Flags of helm and kubectl that take a value. */
const WITH_VALUE =
  /^(-n|-f|-l|-c|--(namespace|values|set|set-string|set-file|timeout|version|kube-context|kubeconfig|context|selector|container|output|replicas|revision))$/;
/** How kubectl calls the kinds that are looked for. */
const KINDS: Record<string, string> = {
  deployment: 'Deployment',
  deployments: 'Deployment',
  deploy: 'Deployment',
  statefulset: 'StatefulSet',
  statefulsets: 'StatefulSet',
  sts: 'StatefulSet',
  service: 'Service',
  services: 'Service',
  svc: 'Service',
  configmap: 'ConfigMap',
  cm: 'ConfigMap',
  secret: 'Secret',
  secrets: 'Secret',
  job: 'Job',
  jobs: 'Job',
};

/** The releases, objects and namespaces that the shell blocks name, each with whether the target has it; names in variables are left out. */
export function namesIn({ blocks }: UpgradeDocument, known: KnownNames): NameFact[] {
  const namespaces = new Set<string>();
  return blocks.flatMap(({ file, line, script }) =>
    commandsOf(script).flatMap(({ words, offset }) => {
      const where = `${file}:${String(line + 1 + offset)}`;
      const namespace = namespaceOf(words);
      if (namespace !== undefined) namespaces.add(namespace);
      return [
        ...releasesOf(words).map((name) => ({ where, name: `release ${name}`, known: known.releases.includes(name) })),
        ...objectsOf(words).map((name) => ({ where, name, known: isKnown(name, known.objects) })),
        // The trial's own namespace has another name; but a document that names two of them is wrong in one.
        ...(namespace === undefined
          ? []
          : [{ where, name: `namespace ${namespace}`, known: namespaces.values().next().value === namespace }]),
      ];
    }),
  );
}

interface Command {
  words: string[];
  /** Lines from the first one of the script. */
  offset: number;
}

/** The simple commands of a script, as far as words tell: enough to find names, no parser of shells. */
function commandsOf(script: string): Command[] {
  const lines = script.split('\n');
  const commands: Command[] = [];
  for (let at = 0; at < lines.length; at++) {
    const offset = at;
    let text = lines[at] ?? '';
    while (text.endsWith('\\') && at + 1 < lines.length) text = `${text.slice(0, -1)} ${lines[++at] ?? ''}`;
    for (const part of text.replace(/(^|\s)#.*/, '').split(/&&|\|\||[;|]/)) {
      const words = part
        .trim()
        .split(/\s+/)
        .map((word) => word.replaceAll(/^["']|["']$/g, ''));
      if (words[0] !== '') commands.push({ words, offset });
    }
  }
  return commands;
}

/** Words that are neither flags nor the values of flags. */
function plain(words: readonly string[]): string[] {
  return words.filter((word, at) => !word.startsWith('-') && !WITH_VALUE.test(words[at - 1] ?? ''));
}

function isVariable(word: string): boolean {
  return /[$<>{}*…]/.test(word);
}

function releasesOf(words: readonly string[]): string[] {
  const [helm, verb = '', ...rest] = plain(words);
  if (helm !== 'helm' || !HELM_VERBS.includes(verb)) return [];
  // `helm get manifest NAME`
  const name = verb === 'get' ? rest[1] : rest[0];
  return name === undefined || isVariable(name) ? [] : [name];
}

function objectsOf(words: readonly string[]): string[] {
  if (words[0] !== 'kubectl') return [];
  const end = words.indexOf('--');
  const given = plain(words.slice(1, end === -1 ? undefined : end)).filter((word) => !isVariable(word));
  const slashed = given.flatMap((word) => {
    const [kind = '', name] = word.split('/');
    return name !== undefined && KINDS[kind.toLowerCase()] !== undefined
      ? [`${KINDS[kind.toLowerCase()] ?? ''}/${name}`]
      : [];
  });
  const spaced = given.flatMap((word, at) => {
    const kind = KINDS[word.toLowerCase()];
    const name = given[at + 1];
    return kind === undefined || name === undefined || given[at - 1] === 'generic' ? [] : [`${kind}/${name}`];
  });
  const pod =
    given[0] === 'exec' || given[0] === 'logs' ? given.slice(1).find((word) => !word.includes('/')) : undefined;
  return [...slashed, ...spaced, ...(pod === undefined ? [] : [`Pod/${pod}`])];
}

/** The pods of a StatefulSet have numbers; those of other workloads have names that nobody can write down beforehand. */
function isKnown(name: string, objects: readonly string[]): boolean {
  const pod = /^Pod\/(.+)-\d+$/.exec(name)?.[1];
  return objects.includes(pod === undefined ? name : `StatefulSet/${pod}`);
}

function namespaceOf(words: readonly string[]): string | undefined {
  if (words[0] !== 'kubectl' && words[0] !== 'helm') return undefined;
  const at = words.findIndex((word) => word === '-n' || word === '--namespace');
  const given = at === -1 ? words.find((word) => word.startsWith('--namespace='))?.slice(12) : words[at + 1];
  return given === undefined || isVariable(given) ? undefined : given;
}
