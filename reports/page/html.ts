import { escape } from '../../helpers/svg.ts';

/** Markup that may stand in a page as it is: made by `markup`, or written by hand here. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Part = Html | string | number | undefined | false | readonly Part[];

/** Markup with values in it. Every value that is no `Html` is escaped, so that no name from outside becomes markup. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const pieces = strings.map((literal, index) => literal.replaceAll(/\n\s*/g, '\n') + rendered(parts[index]));
  return new Html(pieces.join(''));
}

/** Link to a file of the run, relative to its folder. Whatever is in a name, it stays a path below that folder. */
export function fileLink(path: string): string {
  const segments = path.toWellFormed().split('/');
  return segments.map((segment) => (/^\.*$/.test(segment) ? '_' : encodeURIComponent(segment))).join('/');
}

/** A name that links can point at, whatever its parts are. */
export function anchor(...parts: readonly (string | number)[]): string {
  return encodeURIComponent(parts.join('/').toWellFormed()).replaceAll('%2F', '/');
}

/** What turns round the order of letters makes one name look like another. */
const REVERSING = /[\u202a-\u202e\u2066-\u2069]/g;

function rendered(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'string') return escape(part.replaceAll(REVERSING, '\ufffd'));
  return typeof part === 'number' ? String(part) : part.map(rendered).join('');
}
