/** Commands to GitHub's runner, which are lines of the log: https://docs.github.com/actions/reference/workflow-commands-for-github-actions */

import { harmless } from '../../helpers/format.ts';

/** What is shown at a line of a file, or without one below the log. */
export interface Annotation {
  /** `warning` is what could not be judged. */
  level: 'error' | 'warning';
  title: string;
  message: string;
  /** Relative to the repository. */
  file?: string;
  /** From 1. */
  line?: number;
}

/** Whether this process runs in a workflow of GitHub. */
export function isOnGitHub(env: Readonly<Record<string, string | undefined>> = process.env): boolean {
  return env.GITHUB_ACTIONS === 'true';
}

export function annotationCommand({ level, title, message, file, line }: Annotation): string {
  const place = file === undefined ? {} : { file, ...(line === undefined ? {} : { line: String(line) }) };
  const properties = Object.entries({ ...place, title }).map(([name, value]) => `${name}=${propertyValue(value)}`);
  return `::${level} ${properties.join(',')}::${data(message)}`;
}

/** What follows is folded away, until `endGroup`. Groups cannot be nested. */
export function group(title: string): string {
  return `::group::${data(title)}`;
}

export const endGroup = '::endgroup::';

/**
 * Whole lines of the output of the target or of a test, which must not command the runner: they could mask text, or end a group. The runner
 * takes some characters for blanks that command a terminal, and that a pattern does not take for any: those are marks before it is looked.
 */
export function withoutCommands(output: string): string {
  return harmless(output)
    .replaceAll(/^([^\S\n]*):(?=:)/gm, '$1: ')
    .replaceAll('##[', '## [');
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function propertyValue(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
