/** What stands where a secret stood. */
export const MASK = '[redacted]';

interface Shape {
  what: string;
  pattern: RegExp;
  /** What stands there instead; the pattern's first group may stay. */
  instead: string;
}

/**
 * The values of secrets are known where they come into being, and are kept out of what a run writes. These are the shapes of those that a
 * target itself may show (a log line, an answer), and that nobody has declared: the second net, under the first. In JSON the letter of an
 * escaped line break may stand right before one.
 */
export const shapes: readonly Shape[] = [
  {
    what: 'private key',
    // One that was cut off, or that lies in JSON, is one, too.
    pattern:
      /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(?:(?!-----END)(?:[A-Za-z0-9+/=\s:,.-]|\\+[nr]))*(?:-----END [A-Z0-9 ]*PRIVATE KEY-----)?/g,
    instead: MASK,
  },
  { what: 'JSON Web Token', pattern: /(?:\b|(?<=\\[nrt]))eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/g, instead: MASK },
  {
    what: 'authorization header',
    pattern: /(authorization\\*["']?\s*[:=]\s*\\*["']?(?:basic|bearer|token|digest)\s+)[\w+/.~=-]{4,}/gi,
    instead: `$1${MASK}`,
  },
  {
    what: 'bearer token',
    pattern: /((?:\b|(?<=\\[nrt]))bearer\s+)(?=[\w+/.~=-]*\d)[\w+/.~=-]{12,}/gi,
    instead: `$1${MASK}`,
  },
  {
    what: 'password in an address',
    pattern: /(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"'\\<>]{1,100}:)(?!\$[{(]|\{\{|\[redacted\]|<)[^\s/@"'\\]{1,200}@/gi,
    instead: `$1${MASK}@`,
  },
  {
    what: 'client key of a kubeconfig',
    pattern: /(client-key-data\\*["']?\s*:\s*\\*["']?)[\w+/=]{16,}/g,
    instead: `$1${MASK}`,
  },
  {
    what: 'token of a service',
    pattern:
      /(?:\b|(?<=\\[nrt]))(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{22,}|glpat-[\w-]{20,}|xox[abeprs]-[\w-]{10,}|A(?:KIA|SIA)[0-9A-Z]{16}|npm_[A-Za-z0-9]{36}|hf_[A-Za-z0-9]{30,})\b/g,
    instead: MASK,
  },
];
