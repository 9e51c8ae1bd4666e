import { UserError } from '../errors.ts';
import type { Mistake } from '../errors.ts';

/** What helm was doing, for the message. */
export interface Attempt {
  /** e.g. `install gateway`. */
  action: string;
  /** The chart's source, or the release. */
  where: string;
  /** Values files that were given, by their short names. */
  valuesFiles?: readonly string[];
}

interface Explanation {
  pattern: RegExp;
  what: (match: RegExpExecArray, attempt: Attempt) => string;
  fix: (attempt: Attempt) => string;
  /** Whether somebody did not answer, so that nothing was learned about the chart or the target. */
  isUnreachable?: (attempt: Attempt) => boolean;
}

/** Somebody whom helm had to ask did not answer: neither the chart nor the target is at fault, as far as anybody knows. */
export class Unreachable extends UserError {}

const BREAKS_SCHEMA = /values don't meet the specifications of the schema\(s\)[\s\S]*/;

/** Whether helm says that values break a chart's schema. */
export function breaksSchema(stderr: string): boolean {
  return BREAKS_SCHEMA.test(stderr);
}

/** What helm says in known cases, and what to do about it; the first that fits holds. */
const explanations: readonly Explanation[] = [
  {
    pattern: BREAKS_SCHEMA,
    what: ([text], { action }) => `helm ${action}: the values break the chart's schema:\n${schemaErrors(text)}`,
    fix: ({ valuesFiles = [] }) =>
      `correct the values named above${valuesFiles.length === 0 ? '' : ` in ${valuesFiles.join(', ')}`}, or the chart's values.schema.json`,
  },
  {
    pattern: /chart requires kubeVersion: (.+?) which is incompatible with Kubernetes (\S+)/,
    what: ([, wanted = '', is = '']) => `The chart supports Kubernetes ${wanted}, not ${is}`,
    fix: () => "use a cluster of that version, a newer chart, or correct kubernetesVersions in the target's file",
  },
  {
    pattern:
      /non-absolute URLs should be in form of repo_name|unable to detect chart at|Chart\.yaml file is missing|no such file or directory/,
    what: ([text], { action }) => `helm ${action}: there is no chart, or a file of it is missing: ${text}`,
    fix: () => 'correct the path of the chart or of the values file in target.yaml',
  },
  {
    pattern: /found in Chart\.yaml, but missing in charts\/ directory: (.+)/,
    what: ([, names = '']) => `The chart depends on ${names}, which its folder charts/ does not have`,
    fix: ({ where }) => `run \`helm dependency build ${where}\``,
  },
  {
    pattern: /server gave HTTP response to HTTPS client/,
    what: () => 'The registry speaks plain HTTP, not HTTPS',
    fix: () => 'use a registry with TLS: plain HTTP is only spoken with the registry of the trial cluster itself',
  },
  {
    pattern: /kubernetes cluster unreachable: (.*)/i,
    what: ([, why = '']) => `Helm cannot reach the cluster: ${why}`,
    fix: () => 'see that the cluster runs and that the kubeconfig is right',
    isUnreachable: () => true,
  },
  {
    // While something is installed, others may be refused: that is told in the same words.
    isUnreachable: ({ action }) => action === 'pull',
    pattern:
      /no such host|connection refused|i\/o timeout|is not a valid chart repository or cannot be reached|certificate/,
    what: (_, { action }) => `helm ${action}: the chart's registry or repository cannot be reached`,
    fix: () =>
      'correct the address of the registry or repository in target.yaml, and see that this machine may reach it',
  },
  {
    pattern: /unauthorized|authentication required|denied|403 Forbidden/i,
    what: (_, { action }) => `helm ${action}: the registry refuses access`,
    fix: () => 'log in with `helm registry login` (HELM_REGISTRY_CONFIG is honoured), or correct the path of the chart',
  },
  {
    pattern:
      /chart "(.+?)" (?:matching|version) "?(\S+?)"? not found|version "?(\S+?)"? not found|: not found|manifest unknown|no chart (?:version|name) found/i,
    what: (_, { action }) => `helm ${action}: the chart does not exist in that version`,
    fix: () => 'correct name and version of the chart in target.yaml',
  },
];

/** The mistake behind an error of helm that is the input's fault; undefined when it is not known to be one. */
export function explainHelm(stderr: string, attempt: Attempt): UserError | undefined {
  const text = stderr.trim();
  for (const { pattern, what, fix, isUnreachable } of explanations) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const summary = what(match, attempt);
    const mistake: Mistake = { what: withHelmsWords(summary, text), where: attempt.where, fix: fix(attempt) };
    return isUnreachable?.(attempt) === true ? new Unreachable(mistake) : new UserError(mistake);
  }
  return undefined;
}

/** Helm's own message belongs to the explanation, unless that has it already. */
function withHelmsWords(summary: string, text: string): string {
  const own = text
    .replace(/^level=\w+ msg=.*$/gm, '')
    .replace(/^Error: /m, '')
    .trim();
  return summary.includes('\n') || own === '' ? summary : `${summary} (helm: ${own})`;
}

function schemaErrors(text: string): string {
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => `  ${line}`)
    .join('\n');
}
