/** Long enough that a reader whose time grows faster than with the square of the length would take hours, in characters. */
const LONG = 50_000;

/** The heart of each is repeated: that is what makes patterns try again and again. */
export const texts: Readonly<Record<string, string>> = {
  blanks: repeated(' '),
  'blank lines': repeated('\n'),
  'fences without an end': repeated('```\n'),
  'a heading of blanks': `# a${repeated(' ')}b`,
  'a heading of marks': `# ${repeated('# ')}b`,
  'cells without an end': `| ${repeated(' ')}`,
  'links without an end': repeated(']('),
  'brackets without an end': repeated('['),
  'emphasis without an end': repeated('*a **b '),
  'placeholders without an end': repeated('${a.'),
  'code without an end': repeated('- `'),
  'keys without an end': repeated('-----BEGIN PRIVATE KEY-----\\\\'),
  'addresses without an end': repeated('a://b:'),
  'findings without an end': repeated('[ERROR] \n'),
  'flows without an end': repeated('[{'),
  'quotes without an end': repeated('> '),
  commands: repeated(':: '),
};

export const readers = [
  'readme',
  'sections',
  'document',
  'runbook',
  'tree',
  'placeholders',
  'helm',
  'mask',
  'output',
  'schema',
] as const;
export type Reader = (typeof readers)[number];

function repeated(text: string): string {
  return text.repeat(Math.ceil(LONG / text.length));
}
