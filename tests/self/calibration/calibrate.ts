/**
 * `npm run calibrate [-- --rounds N --minutes N --output FOLDER]`: measures the instrument against an endpoint with known truth, and writes a
 * dated certificate. A quarter of an hour with 100 rounds, and the minutes of quiet traffic; the machine has to do nothing else.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { bestPriority } from '../../../helpers/traffic/traffic.ts';
import { machine } from '../bench/measure.ts';
import { certificate, unmet } from './certificate.ts';
import type { Calibration } from './certificate.ts';
import { curve } from './curve.ts';
import { detect } from './detection.ts';
import type { Detection, Series } from './detection.ts';
import { watchQuiet } from './quiet.ts';
import { loseSessions } from './sessions.ts';
import { starve } from './starvation.ts';

const root = join(import.meta.dirname, '../../..');
const { values } = parseArgs({
  options: {
    /** How often each length of an outage is injected; other faults a quarter as often. */
    rounds: { type: 'string', default: '100' },
    /** Of quiet traffic; 0 leaves it out. */
    minutes: { type: 'string', default: '60' },
    output: { type: 'string', default: join(root, 'reports/calibration') },
  },
});
const [rounds, minutes] = [Number(values.rounds), Number(values.minutes)];
if (!(Number.isInteger(rounds) && rounds > 0 && Number.isInteger(minutes) && minutes >= 0)) {
  say('--rounds takes a whole number from 1 on, --minutes one from 0 on');
  process.exit(2);
}

/** About 8 minutes with 100 rounds: the shortest lengths lie between two calls, from 20 ms on none can. */
const outages: Series = { fault: 'outage', lengths: [1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 50, 100, 500], rounds };
const few = Math.ceil(rounds / 4);
const others: Series[] = [
  ...(['reset', 'truncated', 'tool-error', 'wrong-payload'] as const).map((fault) => ({
    fault,
    lengths: [100],
    rounds: few,
  })),
  { fault: 'stall', lengths: [100, 200, 500], rounds: few },
];
/** Below and beyond what an observer may pause, in ms. */
const PAUSES = [100, 300, 600, 1_000, 2_000];

const at = new Date().toISOString();
const detections: (Detection & Pick<Series, 'fault'>)[] = [];
for (const series of [outages, ...others]) {
  say(`${series.fault}: ${String(series.rounds)} × ${series.lengths.join(', ')} ms`);
  detections.push({ fault: series.fault, ...(await detect(series)) });
}
say('sessions that are forgotten');
const sessions = await loseSessions(Math.ceil(rounds / 10));
say('an observer without CPU');
const starved = await starve(PAUSES, Math.ceil(rounds / 10));
const quiet = minutes === 0 ? undefined : await watchQuiet(minutes, say);

const calibration: Calibration = {
  at,
  commit: await commit(),
  machine: machine(),
  priority: bestPriority()[0],
  detected: detections.flatMap(({ detected }) => detected),
  falseOutages: falseWindows(({ fault }) => fault !== 'stall'),
  falseStalls: falseWindows(({ fault }) => fault === 'stall'),
  sessions,
  starved,
  quiet,
};
const folder = join(values.output, at.slice(0, 10));
mkdirSync(folder, { recursive: true });
const text = certificate(calibration, 'curve.svg');
writeFileSync(join(folder, 'README.md'), text);
writeFileSync(join(folder, 'calibration.json'), `${JSON.stringify(calibration, undefined, 2)}\n`);
writeFileSync(join(folder, 'curve.svg'), curve(calibration.detected.filter(({ fault }) => fault === 'outage')));
process.stdout.write(text);
if (unmet(calibration).length > 0) process.exitCode = 1;

function falseWindows(of: (series: Pick<Series, 'fault'>) => boolean): number {
  return detections.filter(of).reduce((sum, detection) => sum + detection.falseWindows, 0);
}

/** What was measured: figures of other code say nothing about this one. */
async function commit(): Promise<string> {
  const git = async (...args: string[]) => (await execa('git', args, { cwd: root })).stdout;
  const changed = await git('status', '--porcelain', '--', 'helpers', 'tests/self');
  return `${await git('rev-parse', '--short', 'HEAD')}${changed === '' ? '' : ', with changes'}`;
}

function say(message: string): void {
  process.stderr.write(`${message}\n`);
}
