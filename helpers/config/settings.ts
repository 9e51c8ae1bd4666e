import type { Config } from './schema.ts';

/** One row of the table of settings: the README's table is this one. */
export interface Setting {
  /** Name in `seatrial.config.yaml`. */
  key: keyof Config;
  /** Environment variable that takes precedence over the file. */
  variable: string;
  /** What holds when neither is given, in words. */
  fallback: string;
  /** Turns the variable's text into what the config file would hold; text that makes no sense is left for the schema to refuse. */
  read: (text: string) => unknown;
}

export const settings: readonly Setting[] = [
  { key: 'target', variable: 'SEATRIAL_TARGET', fallback: 'fixtures/targets/contextforge', read: asText },
  { key: 'provider', variable: 'SEATRIAL_PROVIDER', fallback: 'auto', read: asText },
  { key: 'context', variable: 'SEATRIAL_CONTEXT', fallback: 'the current context, if allowed', read: asText },
  { key: 'allowedContexts', variable: 'SEATRIAL_ALLOWED_CONTEXTS', fallback: 'none', read: asList },
  { key: 'nodes', variable: 'SEATRIAL_NODES', fallback: '2', read: asNumber },
  { key: 'keepCluster', variable: 'SEATRIAL_KEEP_CLUSTER', fallback: 'false', read: asFlag },
  { key: 'yes', variable: 'SEATRIAL_YES', fallback: 'true where CI is set, else false', read: asFlag },
  { key: 'cache', variable: 'SEATRIAL_CACHE', fallback: '$XDG_CACHE_HOME/seatrial or ~/.cache/seatrial', read: asText },
  {
    key: 'state',
    variable: 'SEATRIAL_STATE',
    fallback: '$XDG_STATE_HOME/seatrial or ~/.local/state/seatrial',
    read: asText,
  },
  { key: 'runs', variable: 'SEATRIAL_RUNS', fallback: 'reports/runs of the suite', read: asText },
  { key: 'probers', variable: 'SEATRIAL_PROBERS', fallback: '0: the machine of the run', read: asNumber },
  { key: 'proberImage', variable: 'SEATRIAL_PROBER_IMAGE', fallback: 'built, and given to the cluster', read: asText },
  { key: 'base', variable: 'SEATRIAL_BASE', fallback: 'nothing to compare with', read: asText },
  { key: 'network', variable: 'SEATRIAL_NETWORK', fallback: '10.199', read: asText },
];

function asText(text: string): string {
  return text;
}

/** Separated by commas: a context's name may hold blanks, colons and slashes. */
function asList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function asNumber(text: string): unknown {
  return /^\d+$/.test(text) ? Number(text) : text;
}

/** @returns the text itself when it is neither yes nor no. */
export function asFlag(text: string): unknown {
  const word = text.toLowerCase();
  if (['1', 'true', 'yes', 'on'].includes(word)) return true;
  return ['0', 'false', 'no', 'off'].includes(word) ? false : text;
}
