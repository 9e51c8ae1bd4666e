/**
 * `npm run bench [-- NAME...]`: measures the figures that the project promises, on this machine, and writes them as a table and as
 * JSON to `reports/runs/bench`. Names: cold, kill, warm, idle, namespaces, observer, trial, gitops, page, analysis, judging. Without names all but `cold`, which takes ten minutes.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clusterDown, clusterUp } from '../../../helpers/cluster/embedded/commands.ts';
import { loadOptions } from '../../../helpers/config/options.ts';
import { analysis, judging } from './analysis.ts';
import { idleMemory, leaksAfterKill, warmStart } from './cluster.ts';
import { coldStart } from './cold.ts';
import { gitops } from './gitops.ts';
import { machine, table, type Figure } from './measure.ts';
import { namespaces } from './namespaces.ts';
import { observer } from './observer.ts';
import { page } from './page.ts';
import { trial } from './trial.ts';

const options = { ...loadOptions(), assumeYes: true };
const say = (message: string) => {
  process.stderr.write(`${message}\n`);
};
const benches: Record<string, () => Promise<Figure[]>> = {
  cold: async () => [await coldStart(options)],
  kill: async () => [await leaksAfterKill(options, 20)],
  warm: async () => [await warmStart(options, 5)],
  idle: async () => [await idleMemory()],
  namespaces: async () => namespaces(await clusterUp(options, say), 100),
  analysis: () => analysis([100_000, 1_000_000, 10_000_000]),
  judging: () => judging([1, 10, 50]),
  observer: async () => observer(options, await clusterUp(options, say), say),
  trial: () => trial(options, 3),
  gitops: () => gitops(options, 3),
  page: () => page(5),
};
/** What leaves a cluster alone that somebody else may be using. */
const withoutCluster = new Set(['page', 'analysis', 'judging']);

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in benches));
if (unknown.length > 0) {
  say(`no such bench: ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}
const figures: Figure[] = [];
const names = wanted.length > 0 ? wanted : Object.keys(benches).filter((other) => other !== 'cold');
for (const name of names) {
  say(`bench ${name} …`);
  figures.push(...((await benches[name]?.()) ?? []));
}
if (names.some((name) => !withoutCluster.has(name))) await clusterDown(options, { force: false, progress: say });

const folder = join(import.meta.dirname, '../../../reports/runs/bench');
mkdirSync(folder, { recursive: true });
writeFileSync(
  join(folder, 'bench.json'),
  JSON.stringify({ at: new Date().toISOString(), machine: machine(), figures }, undefined, 2),
);
const described = Object.entries(machine()).map(([key, value]) => `${key}: ${value}`);
const text = `${described.join(' · ')}\n\n${table(figures)}\n`;
writeFileSync(join(folder, 'bench.md'), text);
process.stdout.write(text);
