/**
 * `npm run twins`: the kill matrix, twin × check. Runs every twin that needs no cluster, mutates the bundled charts at random, and writes
 * `docs/kill-matrix/`. Ends with 1 when a check is not killed, or a twin turns red what it should not.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { percent } from '../../../../helpers/format.ts';
import { declaredRates, undeclaredRate } from '../mutations/rate.ts';
import { renderCharts } from '../mutations/rendered.ts';
import { runStatic } from '../static/run.ts';
import { staticTwins } from '../static/twins.ts';
import { filesOf, folder } from './files.ts';
import { recordedKills, unkilled } from './recorded.ts';
import { isKilled, matrixChecks, matrixSchema } from './report.ts';

/** Of each declared kind, and of what nobody declared. */
const MUTANTS = { declared: 200, undeclared: 1000 };

const say = (text: string) => {
  process.stdout.write(`${text}\n`);
};

// Within the repository: targets refer to each other, and to nothing outside of it.
const results = join(import.meta.dirname, '../../../../test-results');
mkdirSync(results, { recursive: true });
const scratch = mkdtempSync(join(results, 'twins-'));
const troubles = unkilled(recordedKills());
for (const twin of staticTwins) {
  const { deviations } = await runStatic(twin, scratch);
  troubles.push(...deviations.map((deviation) => `${twin.name}: ${deviation}`));
}
const rendering = await renderCharts(scratch);
const mutations = declaredRates(rendering, MUTANTS.declared);
const undeclared = undeclaredRate(rendering, MUTANTS.undeclared);
rmSync(scratch, { recursive: true, force: true });

const checks = matrixChecks();
// What is written is what is read back, and nothing more.
const matrix = matrixSchema.parse({ date: new Date().toISOString().slice(0, 10), checks, mutations, undeclared });
mkdirSync(folder, { recursive: true });
for (const [name, text] of Object.entries(filesOf(matrix))) writeFileSync(join(folder, name), text);

for (const { kind, killed, mutants } of mutations) say(`${percent(killed / mutants).padStart(8)}  ${kind}`);
say(`${percent(undeclared.killed / undeclared.mutants).padStart(8)}  no declared kind`);
for (const trouble of troubles) say(`not as it should be: ${trouble}`);
say(
  `${String(checks.filter(isKilled).length)} of ${String(checks.length)} checks have a twin that turns them red; ${folder}`,
);
if (troubles.length > 0) process.exitCode = 1;
