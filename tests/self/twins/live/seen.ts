import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Twin } from '../twin.ts';

const file = join(import.meta.dirname, 'seen.json');

const sighting = z.object({
  /** Day of the run, e.g. `2026-11-21`. */
  date: z.string(),
  provider: z.string(),
  kubernetes: z.string(),
  /** Of the twin as it was then: a sighting of another defect is none. */
  digest: z.string(),
  /** `fail` or `inconclusive`, by the ids of the checks. */
  red: z.record(z.string(), z.enum(['fail', 'inconclusive'])),
});

export type Sighting = z.infer<typeof sighting>;

const sightings = z.record(z.string(), sighting);

/** When the twin was last seen to turn red what it has to, on a real cluster; undefined when it was not, or was another one. */
export function seenLive(twin: Twin): Sighting | undefined {
  const found = read()[twin.name];
  return found?.digest === digestOf(twin) ? found : undefined;
}

/** Writes down that it was seen now. */
export function recordSighting(twin: Twin, found: Omit<Sighting, 'digest'>): void {
  const all = { ...read(), [twin.name]: { ...found, digest: digestOf(twin) } };
  const sorted = Object.entries(all).toSorted(([one], [other]) => (one < other ? -1 : 1));
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(sorted), undefined, 2)}\n`);
}

function read(): z.infer<typeof sightings> {
  return existsSync(file) ? sightings.parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
}

function digestOf({ target, experiment, patches, red }: Twin): string {
  const text = JSON.stringify({ target, experiment, patches, red }, (_, value: unknown) =>
    value instanceof RegExp ? String(value) : value,
  );
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
