import { leafPaths, pathsTo } from './values.ts';
import type { Tree } from './values.ts';

/** Which values a README documents, which it does not, and what it documents although the chart does not have it. */
export interface ReadmeMatch {
  documented: string[];
  undocumented: string[];
  stale: string[];
}

/**
 * Compares a README with the values of the chart. A value is documented by an entry for it or for a mapping that it is part of: a row of a
 * table, a heading or a list item that begins with its path.
 * @param described paths that the schema describes; such an entry is not stale though values.yaml has no default for it.
 */
export function matchReadme(readme: string, values: Tree, described: readonly string[]): ReadmeMatch {
  const leaves = leafPaths(values);
  const known = new Set([...leaves.flatMap(pathsTo), ...described]);
  const tables = tablesOf(readme);
  const entries = new Set([...tables.flat(), ...entriesInText(readme)]);
  const isDocumented = (leaf: string) => pathsTo(leaf).some((path) => entries.has(path));
  return {
    documented: leaves.filter(isDocumented),
    undocumented: leaves.filter((leaf) => !isDocumented(leaf)),
    stale: tables
      .filter((table) => isValuesTable(table, known))
      .flatMap((table) => table.filter((path) => !isKnown(path, known))),
  };
}

/** READMEs have tables of other things, too; one is about values when at least half of its rows are. */
function isValuesTable(table: string[], known: Set<string>): boolean {
  return table.filter((path) => isKnown(path, known)).length * 2 >= table.length;
}

/** An entry for a part of a value (`tolerations[0].key`, `resources.limits` where the default is empty) is known with the value. */
function isKnown(path: string, known: Set<string>): boolean {
  return pathsTo(path).some(
    (part, index, parts) => known.has(part) && (index === parts.length - 1 || isOpenValue(part, known)),
  );
}

function isOpenValue(path: string, known: Set<string>): boolean {
  return ![...known].some((other) => other.startsWith(`${path}.`));
}

/** The first cells of each table that look like paths. */
function tablesOf(readme: string): string[][] {
  const tables: string[][] = [];
  let rows: string[] | undefined;
  for (const line of readme.split('\n')) {
    const [cell = '', ...others] = line.trim().replace(/^\|/, '').split('|', 2);
    if (others.length === 0) {
      rows = undefined;
      continue;
    }
    if (rows === undefined) tables.push((rows = []));
    const path = asPath(cell.trim());
    // The row of dashes, and the header above it, are no entries: a header is no path of a chart, or is known as one.
    if (path !== undefined) rows.push(path);
  }
  return tables.map((table) => table.slice(isHeader(table[0]) ? 1 : 0));
}

function isHeader(path: string | undefined): boolean {
  return path !== undefined && /^(key|name|value|values|parameter|setting|option)$/i.test(path);
}

/** Paths at the beginning of headings and list items. */
function entriesInText(readme: string): string[] {
  return [...readme.matchAll(/^[ \t]*(?:#{1,6}|[-*+])[ \t]+\**`([^`\n]+)`/gm)].flatMap(
    ([, text = '']) => asPath(text) ?? [],
  );
}

/** In characters; no value of a chart is nested that deep. */
const LONGEST_PATH = 500;

/** `image.tag` from `` `image.tag` ``, `**image.tag**` or `[image.tag](#…)`; undefined when the text is no path. */
function asPath(text: string): string | undefined {
  if (text.length > LONGEST_PATH) return undefined;
  const plain = text.replaceAll(/[`*]|\]\([^)]*\)|^\[/g, '').trim();
  return /^[A-Za-z_][\w-]*(\.[\w/-]+|\[\w*\])*$/.test(plain) ? plain.replace(/\[.*$/, '') : undefined;
}
