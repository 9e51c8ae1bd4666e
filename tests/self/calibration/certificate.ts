import { percent } from '../../../helpers/format.ts';
import { thresholds } from '../../../helpers/verdict/thresholds.ts';
import type { Detected } from './detection.ts';
import type { Quiet } from './quiet.ts';
import type { SessionsLost } from './sessions.ts';
import type { Starved } from './starvation.ts';

/** What was measured, on what, and when: all that the certificate says follows from it. */
export interface Calibration {
  /** ISO 8601. */
  at: string;
  commit: string;
  machine: Record<string, string>;
  /** How the observer ran: `real-time`, `nice` or `normal`. */
  priority: string;
  detected: Detected[];
  /** Outages that were found where none had been injected; and calls that waited for the machine alone, which is a matter of the machine. */
  falseOutages: number;
  falseStalls: number;
  sessions: SessionsLost;
  starved: Starved[];
  /** Undefined where it was left out. */
  quiet: Quiet | undefined;
}

/** Calls a second that the instrument makes, over both paths on which outages have edges. */
const CALLS_PER_SECOND = 180;

/** The shortest outage from which on every one was found, in ms; undefined when not even the longest ones were. */
export function surelySeenFrom(detected: readonly Detected[]): number | undefined {
  const outages = detected.filter(({ fault }) => fault === 'outage').toSorted((a, b) => a.durationMs - b.durationMs);
  const missed = outages.findLastIndex(({ found, injected }) => found < injected);
  return outages[missed + 1]?.durationMs;
}

/** What a calibration has to show; empty when all of it is shown. */
export function unmet({ detected, falseOutages, sessions, starved, quiet }: Calibration): string[] {
  const seenFrom = surelySeenFrom(detected);
  return [
    ...(seenFrom === undefined || seenFrom > MUST_SEE_MS
      ? [`an outage of ${String(MUST_SEE_MS)} ms or more was missed`]
      : []),
    ...detected
      .filter(({ fault, found, injected }) => fault !== 'outage' && found < injected)
      .map(({ fault, durationMs }) => `${fault} of ${String(durationMs)} ms was missed`),
    ...(detected.some(({ unaware }) => unaware > 0)
      ? ['something was missed that the run says it would have seen']
      : []),
    ...(falseOutages > 0 ? [`${String(falseOutages)} outages were found where none was`] : []),
    ...(sessions.named === 0 || sessions.named + sessions.blind < sessions.forgotten
      ? ['lost sessions were not named']
      : []),
    ...starved.flatMap(({ pauseMs, beyondLimit, named, tried, red }) => [
      ...(beyondLimit && named < tried ? [`a pause of the observer of ${String(pauseMs)} ms was not named`] : []),
      ...(red > 0 ? [`a pause of the observer of ${String(pauseMs)} ms was held against the target`] : []),
    ]),
    ...(quiet === undefined || quiet.lost + quiet.outages + quiet.stalls + quiet.red.length === 0
      ? []
      : ['something was found in quiet traffic']),
  ];
}

/** Each path calls every 11 ms: an outage of that length cannot fall between two calls, unless one of them is 9 ms late. */
const MUST_SEE_MS = 20;

/** The certificate as Markdown. Pure. @param curve name of the picture that lies beside it. */
export function certificate(calibration: Calibration, curve: string): string {
  const { at, commit, machine, priority, detected, falseOutages, falseStalls, sessions, starved, quiet } = calibration;
  const missing = unmet(calibration);
  const seenFrom = surelySeenFrom(detected);
  const outages = detected.filter(({ fault }) => fault === 'outage');
  const n = Math.min(...outages.map(({ injected }) => injected));
  const steal = quiet?.stolen === undefined ? 'not known' : percent(quiet.stolen);
  return `# Calibration of ${at.slice(0, 10)}

The instrument against an endpoint whose outages, stalls and broken answers are known to the microsecond, at ${CALLS_PER_SECOND} short calls a second.

**${seenFrom === undefined ? 'No length of an outage was found every time.' : `Outages from ${seenFrom} ms on were found every time`}${seenFrom === undefined ? '**' : `** (${n} of each length).`} ${missing.length === 0 ? 'All that is promised was shown.' : `Not shown: ${missing.join('; ')}.`}

| | |
| --- | --- |
| measured | ${at}, commit ${commit} |
| machine | ${Object.entries(machine)
    .map(([name, value]) => `${name}: ${value}`)
    .join(' · ')} |
| observer | priority ${priority}; both on one machine, over loopback |
| CPU time that the host gave to others, in quiet traffic | ${steal} |

## Which outages are found

![Share of outages found, by their length, with exact 95 % intervals](${curve})

${detectionTable(outages)}

Missed, though the run itself says that it would have seen them: ${detected.reduce((sum, { unaware }) => sum + unaware, 0)}.
Outages found where none was: ${falseOutages}. The share has its exact (Clopper-Pearson) 95 % interval; edges are compared with
what the endpoint itself wrote down, and each window states how far its edges may be off.

## Other ways to fail

${detectionTable(detected.filter(({ fault }) => fault !== 'outage'))}

\`reset\`: the connection breaks within the answer; \`truncated\`: a stream ends without it; \`tool-error\` and \`wrong-payload\` come inside HTTP 200.
Stalls found where none had been injected, as the machine makes them: ${falseStalls}. Sessions: the endpoint forgot all of them ${sessions.forgotten} times;
that was named ${sessions.named} times, and ${sessions.blind} times the observer said that it could not see.

## An observer without CPU

${table(
  ['observer stopped for', 'tried', 'named as blind', 'checks on the target red'],
  starved.map(({ pauseMs, beyondLimit, tried, named, red }) => [
    `${pauseMs} ms${beyondLimit ? ', beyond the limit' : ''}`,
    tried,
    named,
    red,
  ]),
)}

Beyond ${thresholds.observerPause.value} ms it has to be named every time; a shorter pause may go unnamed, but must never be held against the target.

## Quiet traffic

${quiet === undefined ? 'Not measured this time.' : quietText(quiet)}

## Reproduce

\`npm run calibrate -- --rounds ${n} --minutes ${quiet?.minutes ?? 0}\` on a machine that does nothing else.
`;
}

function detectionTable(detected: readonly Detected[]): string {
  const header = ['what', 'length', 'found', '95 % interval', 'edges off: P50', 'P95', 'max', 'within what is stated'];
  return table(
    header,
    detected.map(({ fault, durationMs, injected, found, share, edges }) => [
      fault,
      `${durationMs} ms`,
      `${found} of ${injected}`,
      `${percent(share.from)} to ${percent(share.to)}`,
      ...(edges === undefined
        ? ['–', '–', '–', '–']
        : [
            ...[edges.p50, edges.p95, edges.max].map((ms) => `${ms.toFixed(1)} ms`),
            fault === 'stall' ? '–' : `${edges.withinStated} of ${edges.of}`,
          ]),
    ]),
  );
}

function quietText({ minutes, calls, lost, outages, stalls, watches, blind, red }: Quiet): string {
  return table(
    ['minutes', 'calls', 'lost', 'outages', 'stalls', 'watches of a minute', 'red checks', 'blind by its own word'],
    [[minutes, calls, lost, outages, stalls, watches, red.length, blind]],
  );
}

function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
