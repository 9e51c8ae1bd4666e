import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { byCodeUnits, filesBelow, namesIn } from '../../files.ts';
import type { StoredRun } from '../../verdict/run-folder.ts';
import type { RunVerdict } from '../../verdict/types.ts';
import { indexPage } from './index-page.ts';
import { manifestsIn } from './manifests.ts';
import { INDEX } from './names.ts';
import type { Source } from './source.ts';
import { versionsText } from './versions.ts';

/** Files of a run's folder that go along under their own names, so that `seatrial report` works on the package as on the run. */
const views =
  /^(run|host|verdict|previous|summary|ctrf|sbom\.cdx)\.json$|^metrics\.txt$|^index\.html$|^scorecard[\w.-]*\.(md|csv|html)$/;

/** The same for folders: evidence of standards, pictures, where images were, and what the target declared. */
const folders = ['evidence', 'timelines', 'images', 'target'];

/**
 * What goes into the package of a run, by path. It is a list of what is wanted, not of what is left out: the folder of a run also holds
 * caches, working copies of Git and addresses of clusters, which are nobody's evidence.
 */
export function contentsOf(runFolder: string, run: StoredRun, verdict: RunVerdict): Map<string, Source> {
  const contents = new Map<string, Source>();
  const add = (path: string, file: string) => contents.set(path, { file });
  for (const name of namesIn(runFolder).filter((one) => views.test(one))) add(name, join(runFolder, name));
  for (const folder of folders)
    for (const path of filesBelow(join(runFolder, folder))) add(`${folder}/${path}`, join(runFolder, folder, path));
  for (const { declared, histories } of run.targets) {
    for (const experiment of namesIn(join(runFolder, 'experiments', declared.name))) {
      const folder = join(runFolder, 'experiments', declared.name, experiment);
      const wanted = filesBelow(folder).filter((path) => /^(history|traffic)\.jsonl$|^artifacts\//.test(path));
      for (const path of wanted) add(`experiments/${declared.name}/${experiment}/${path}`, join(folder, path));
      for (const [path, source] of manifestsIn(folder, histories.get(experiment)))
        contents.set(`manifests/${declared.name}/${experiment}/${path}`, source);
      addCharts(contents, folder, declared.name, experiment);
    }
  }
  contents.set('versions.json', { text: versionsText(runFolder, run, contents) });
  contents.set(INDEX, { text: indexPage(verdict, run, [...contents.keys()]) });
  return new Map([...contents].toSorted(([a], [b]) => byCodeUnits(a, b)));
}

/** Every experiment has its own copy of the charts that it installed; those that are the same go along once. */
function addCharts(contents: Map<string, Source>, folder: string, target: string, experiment: string): void {
  const charts = join(folder, 'helm', 'charts');
  for (const path of filesBelow(charts)) {
    const file = join(charts, path);
    const shared = `charts/${target}/${path}`;
    const known = contents.get(shared);
    const differs = known !== undefined && 'file' in known && !readFileSync(known.file).equals(readFileSync(file));
    if (known === undefined || differs)
      contents.set(differs ? `charts/${target}/of-${experiment}/${path}` : shared, { file });
  }
}
