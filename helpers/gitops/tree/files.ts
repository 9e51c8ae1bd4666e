import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, posix, relative } from 'node:path';
import { LIMITS } from './document.ts';

/** A path in the tree, or why it cannot be used. */
export type Resolved = { kind: 'file' | 'folder'; path: string } | { problem: string };

/** The files of a Git tree. Nothing outside of it is ever read, however it is named. All paths are relative to its root. */
export class TreeFiles {
  readonly #root: string;
  readonly #texts = new Map<string, string>();

  /** @param root an existing folder. */
  constructor(root: string) {
    this.#root = realpathSync(root);
  }

  /** Where `path`, as written in a file of `folder`, leads. */
  resolve(folder: string, path: string): Resolved {
    if (isAbsolute(path)) return { problem: 'is an absolute path' };
    const full = posix.normalize(posix.join(folder, path)).replace(/(?<=.)\/$/, '');
    if (full === '..' || full.startsWith('../')) return { problem: 'leads out of the tree' };
    const place = join(this.#root, full);
    if (!existsSync(place)) return { problem: 'does not exist' };
    const real = relative(this.#root, realpathSync(place));
    if (real === '..' || real.startsWith('../')) return { problem: 'leads out of the tree by a symbolic link' };
    return { kind: statSync(place).isDirectory() ? 'folder' : 'file', path: full };
  }

  /** The text of a file, or why it is not read. */
  text(file: string): { text: string } | { problem: string } {
    const known = this.#texts.get(file);
    if (known !== undefined) return { text: known };
    const place = join(this.#root, file);
    const { size } = statSync(place);
    if (size > LIMITS.bytes) return { problem: `has ${String(size)} bytes; at most ${String(LIMITS.bytes)} are read` };
    if (this.#texts.size >= LIMITS.files)
      return { problem: `is not read: there are more than ${String(LIMITS.files)} files` };
    const text = readFileSync(place, 'utf8');
    this.#texts.set(file, text);
    return { text };
  }

  /** Names in a folder that Flux looks at, sorted: YAML files, and folders that are not hidden. */
  list(folder: string): { files: string[]; folders: string[] } {
    const entries = readdirSync(join(this.#root, folder), { withFileTypes: true })
      .filter(({ name }) => !name.startsWith('.'))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const paths = entries.map(({ name }) => posix.join(folder, name));
    const kinds = paths.map((path) => this.resolve('.', path));
    const ofKind = (kind: 'file' | 'folder') =>
      paths.filter((_, index) => {
        const found = kinds[index];
        return found !== undefined && 'kind' in found && found.kind === kind;
      });
    return { files: ofKind('file').filter((file) => /\.ya?ml$/.test(file)), folders: ofKind('folder') };
  }
}
