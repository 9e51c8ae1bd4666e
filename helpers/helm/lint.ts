/** What `helm lint` found. */
export interface Lint {
  errors: number;
  warnings: number;
  /** Errors, warnings and notes as helm words them. */
  messages: string[];
}

/** Reads what `helm lint` prints: a finding starts with its severity in brackets and may go on over several lines. */
export function parseLint(output: string): Lint {
  const messages = output
    .split(/^(?=\[(?:ERROR|WARNING|INFO)\])/m)
    .filter((part) => part.startsWith('['))
    .map((part) => (part.split(/\n\s*\n|\n(?=Error:|==>)/)[0] ?? part).replaceAll(/\s*\n\s*/g, ' ').trim());
  const count = (severity: string) => messages.filter((message) => message.startsWith(`[${severity}]`)).length;
  return { errors: count('ERROR'), warnings: count('WARNING'), messages };
}
