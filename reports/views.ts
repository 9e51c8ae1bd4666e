import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { keepPrevious, previousVerdict } from '../helpers/verdict/previous.ts';
import type { StoredRun } from '../helpers/verdict/run-folder.ts';
import type { RunVerdict } from '../helpers/verdict/types.ts';
import { renderPage } from './page/page.ts';
import { picturesOf } from './page/pictures.ts';
import { pngOf } from './png.ts';

/** The decision page, in a run's folder. */
export const PAGE = 'index.html';

/** Which files of a run folder to point at, and what each is for. */
export const views: readonly (readonly [file: string, meaning: string])[] = [
  [PAGE, 'the decision page: accept or not, why, and what to do next'],
  ['scorecard.md', 'the scorecard, to paste'],
  ['html/index.html', 'every test with its checks, evidence and attachments'],
  ['allure/index.html', 'the same in Allure'],
  ['pull-request.md', 'the comment on a pull request'],
  ['junit.xml', 'for CI servers'],
  ['ctrf.json', 'the same verdict as CTRF'],
  ['metrics.txt', 'the same for dashboards'],
  ['summary.json', 'the same for portals'],
  ['verdict.json', 'the verdict, for machines'],
  ['evidence-package.tar.gz', 'everything that carries it, with digests'],
  ['evidence', 'what the standard asks for beside its scorecard'],
  ['experiments', 'the raw histories'],
];

/** Which of `views` a run has. */
export function madeViews(runFolder: string): string[] {
  return views.map(([file]) => file).filter((file) => existsSync(join(runFolder, file)));
}

/**
 * The decision page and the pictures that it shows or links, by their path in the run's folder. The same run gives the same bytes: what it is
 * compared with is kept with it (`keep: false` leaves the folder as it is), and which other views there are is what `run.json` says, else
 * what is there.
 */
export function pageFiles(
  runFolder: string,
  run: StoredRun,
  verdict: RunVerdict,
  { keep = true }: { keep?: boolean } = {},
): Map<string, string | Uint8Array> {
  const previous = previousVerdict(runFolder, verdict);
  if (keep) keepPrevious(runFolder, previous);
  const made = new Set(run.about?.views ?? madeViews(runFolder));
  const histories = new Map(run.targets.map((target) => [target.declared.name, target.histories]));
  const pictures = picturesOf(histories, verdict.standards);
  const page = renderPage({
    verdict,
    about: run.about,
    previous,
    views: views.filter(([file]) => file !== PAGE && made.has(file)),
    histories,
    pictures,
  });
  const files = new Map<string, string | Uint8Array>([[PAGE, page]]);
  for (const { file, svg, png } of [...pictures.values()].flat()) {
    files.set(file, svg);
    if (png !== undefined) files.set(png, pngOf(svg));
  }
  return files;
}
