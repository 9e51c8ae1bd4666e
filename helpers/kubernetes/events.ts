import type { Event } from './resources.ts';

/** What an event means for a history; undefined for those that mean nothing to it. */
export function describeEvent(event: Event): { what: string; detail: Record<string, unknown> } | undefined {
  const { reason = '', message = '', type, count } = event;
  if (reason === 'Pulling') return { what: 'image.pulling', detail: { image: quoted(message) } };
  if (reason === 'Pulled') return { what: 'image.pulled', detail: { image: quoted(message), ...pullFacts(message) } };
  if (type === 'Warning') return { what: 'event', detail: { reason, message, count: count ?? 1 } };
  return undefined;
}

/**
 * What the kubelet says about a pull. `durationMs` is the pull alone, `withWaitingMs` with the wait for other pulls before it; a present
 * image took none.
 */
export function pullFacts(message: string): {
  present: boolean;
  durationMs?: number;
  withWaitingMs?: number;
  bytes?: number;
} {
  const present = message.includes('already present');
  const durationMs = present ? 0 : goDuration(/ in (\S+?)(?: \(|\.?$|\. )/.exec(message)?.[1] ?? '');
  const withWaitingMs = goDuration(/\((\S+) including waiting\)/.exec(message)?.[1] ?? '');
  const bytes = /Image size: (\d+) bytes/.exec(message)?.[1];
  return {
    present,
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(withWaitingMs === undefined ? {} : { withWaitingMs }),
    ...(bytes === undefined ? {} : { bytes: Number(bytes) }),
  };
}

const UNITS_MS: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, µs: 1e-3, us: 1e-3, ns: 1e-6 };

/** Milliseconds of a duration as Go prints it, e.g. `1m2.5s`, `850ms`; undefined when it is none. */
export function goDuration(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(h|ms|m|s|µs|us|ns))+$/.test(text)) return undefined;
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|µs|us|ns)/g);
  return [...parts].reduce((sum, [, number, unit]) => sum + Number(number) * (UNITS_MS[unit ?? ''] ?? 0), 0);
}

function quoted(message: string): string {
  return /"([^"]+)"/.exec(message)?.[1] ?? '';
}
