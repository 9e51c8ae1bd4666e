import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { latestOf } from '../../../reports/latest.ts';
import { pageFiles, PAGE } from '../../../reports/views.ts';
import { judgeRun, readRunFolder } from '../../../helpers/verdict/run-folder.ts';
import { loadStandards } from '../../../helpers/verdict/standards.ts';
import { runsFolder } from '../../../helpers/run/run.ts';
import { openBrowser } from '../reports/browser.ts';
import type { Figure } from './measure.ts';

/** The decision page of the latest run: how long it takes to be written from its histories, its size, and how long until it is painted from disk. */
export async function page(loads: number): Promise<Figure[]> {
  const run = latestOf(join(runsFolder, 'any'));
  const folder = mkdtempSync(join(tmpdir(), 'seatrial-page-'));
  const start = performance.now();
  const stored = readRunFolder(run);
  const files = pageFiles(run, stored, judgeRun(stored, await loadStandards()), { keep: false });
  const written = (performance.now() - start) / 1000;
  const file = join(folder, PAGE);
  writeFileSync(file, files.get(PAGE) ?? '');
  const painted: number[] = [];
  const browser = await openBrowser();
  try {
    for (let load = 0; load < loads; load++) {
      const tab = await browser.newPage();
      await tab.goto(pathToFileURL(file).href);
      painted.push(await tab.evaluate(firstPaint));
      await tab.close();
    }
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
  const kilobytes = Buffer.byteLength(files.get(PAGE) ?? '') / 1000;
  return [
    {
      name: 'decision page: first paint from disk',
      unit: 's',
      samples: painted,
      limits: [{ statistic: 'max', atMost: 1 }],
    },
    { name: 'decision page: size', unit: 'kB', samples: [kilobytes], limits: [{ statistic: 'max', atMost: 2000 }] },
    {
      name: 'decision page and pictures from the histories',
      unit: 's',
      samples: [written],
      limits: [{ statistic: 'max', atMost: 10 }],
    },
  ];
}

/** Seconds since the navigation began. */
function firstPaint(): Promise<number> {
  return new Promise((resolve) => {
    new PerformanceObserver((list) => {
      const entry = list.getEntries().find(({ name }) => name === 'first-contentful-paint');
      if (entry !== undefined) resolve(entry.startTime / 1000);
    }).observe({ type: 'paint', buffered: true });
  });
}
