import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

export const root = join(import.meta.dirname, '../../../..');

export interface TrackedFile {
  /** Relative to the root of the repository. */
  path: string;
  text: string;
}

/** The text of every file that git tracks or would add. What is deleted but not yet committed is left out. */
export async function trackedFiles(): Promise<TrackedFile[]> {
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { stdout } = await execa('git', list, { cwd: root });
  return stdout
    .split('\0')
    .filter((path) => path !== '' && existsSync(join(root, path)))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** Every place at which `pattern` occurs, as `file:line: text`. */
export function occurrences(pattern: RegExp, files: readonly TrackedFile[]): string[] {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const found = pattern.exec(line);
      return found === null ? [] : [`${path}:${index + 1}: ${found[0]}`];
    }),
  );
}
