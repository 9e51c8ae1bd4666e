import { stripVTControlCharacters } from 'node:util';
import { harmless } from '../../helpers/format.ts';

/** Where lines go, and the one line below them that changes in place where a person watches. */
export class Terminal {
  readonly #stream: NodeJS.WriteStream;
  /** Nobody watches a log: there, a line that changes would be a line more each second. */
  readonly isWatched: boolean;
  #status = '';
  /** Output of tests may end within a line; what is printed next begins a new one. */
  #midLine = false;

  constructor(stream: NodeJS.WriteStream, isWatched: boolean) {
    this.#stream = stream;
    this.isWatched = isWatched;
  }

  print(...lines: string[]): void {
    this.write(`${this.#midLine ? '\n' : ''}${lines.join('\n')}\n`);
  }

  /** Output as it comes, as far as it commands nothing. */
  write(text: string): void {
    if (text === '') return;
    this.#erase();
    this.#stream.write(harmless(text));
    this.#midLine = !text.endsWith('\n');
    this.#draw();
  }

  /** Replaces the line at the bottom; an empty text takes it away. */
  status(text: string): void {
    if (!this.isWatched || text === this.#status) return;
    this.#erase();
    this.#status = text;
    this.#draw();
  }

  #erase(): void {
    if (this.#status !== '' && !this.#midLine) this.#stream.write('\r\u001b[2K');
  }

  #draw(): void {
    if (this.#status === '' || this.#midLine) return;
    // A line that wraps could not be erased.
    const plain = stripVTControlCharacters(this.#status);
    this.#stream.write(plain.slice(0, Math.max(0, (this.#stream.columns || 80) - 1)));
  }
}
