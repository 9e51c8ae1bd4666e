import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { readRunFolder, writeRunFiles, writeVerdict } from '../../../helpers/verdict/run-folder.ts';
import { loadStandards } from '../../../helpers/verdict/standards.ts';
import type { RunVerdict } from '../../../helpers/verdict/types.ts';
import { pageFiles } from '../../../reports/views.ts';
import { openBrowser } from './browser.ts';
import { renderPage } from '../../../reports/page/page.ts';
import { flawless } from '../unit/verdict/histories.ts';
import { historyFile, storeHistories, storeTraffic } from '../unit/verdict/stored-run.ts';
import { largeVerdict } from '../unit/reports/page-verdicts.ts';

const settings = [
  { width: 1280, colorScheme: 'light' },
  { width: 1280, colorScheme: 'dark' },
  { width: 390, colorScheme: 'light' },
  { width: 390, colorScheme: 'dark' },
] as const;

const words = {
  pass: 'Pass',
  fail: 'Fail',
  inconclusive: 'Inconclusive',
  'not-applicable': 'Not applicable',
  'not-run': 'Not run',
};

let browser: Browser;
/** Where the runs are. */
let parent: string;

/** Pages as a trial leaves them, in a real browser. */
test.describe('The decision page', { tag: '@full' }, () => {
  // The run that most of them look at is judged and drawn once.
  test.describe.configure({ mode: 'default' });

  test.beforeAll(async () => {
    browser = await openBrowser();
    parent = mkdtempSync(join(tmpdir(), 'seatrial-page-'));
  });

  test.afterAll(async () => {
    await browser.close();
    rmSync(parent, { recursive: true, force: true });
  });

  for (const { width, colorScheme } of settings) {
    test(`should hold what verdict.json says, without a violation of axe, ${width} px wide and ${colorScheme}`, async () => {
      const { folder, verdict } = await trial();
      await withPage({ width, colorScheme }, async (page) => {
        await page.goto(urlOf(folder));
        await expectFacts(page, verdict);
        await expectFits(page, width);
        expect(await violations(page)).toEqual([]);
        await page.getByRole('button', { name: 'Open all' }).click();
        await expectFits(page, width);
        expect(await violations(page)).toEqual([]);
        await keep(page, `trial-${String(width)}-${colorScheme}`);
      });
    });
  }

  test('should say on top that a run ended early, and accept nothing', async () => {
    const { folder } = await trial({ complete: false });
    await withPage({ width: 1280, colorScheme: 'light' }, async (page) => {
      await page.goto(urlOf(folder));
      await expect(page.getByRole('note')).toContainText('This run ended early');
      const [note, heading] = [await page.getByRole('note').boundingBox(), await page.locator('h1').boundingBox()];
      expect(note?.y).toBeLessThan(heading?.y ?? 0);
      await expect(page.locator('h1')).toContainText('Do not accept');
      expect(await violations(page)).toEqual([]);
    });
  });

  test('should lead from a step to its evidence, which opens, by keyboard alone', async () => {
    const { folder } = await trial();
    await withPage({ width: 1280, colorScheme: 'light' }, async (page) => {
      await page.goto(urlOf(folder));
      await page.keyboard.press('Tab');
      await expect(page.getByRole('link', { name: 'Skip to the decision' })).toBeFocused();
      const link = page.locator('.steps p a').first();
      const experiment = (await link.textContent()) ?? '';
      await link.focus();
      await page.keyboard.press('Enter');
      const target = page
        .locator('details.experiment', { has: page.getByRole('heading', { name: experiment, exact: true }) })
        .first();
      await expect(target).toHaveAttribute('open', '');
      await expect(target).toBeInViewport();
    });
  });

  test('should link only what is there, and load nothing from a network', async () => {
    const { folder } = await trial();
    await withPage({ width: 1280, colorScheme: 'light' }, async (page, context) => {
      const asked: string[] = [];
      context.on('request', (request) => asked.push(request.url()));
      await page.goto(urlOf(folder));
      const links = await page.locator('a').evaluateAll((all: HTMLAnchorElement[]) => all.map(({ href }) => href));
      const [inside, files] = [links.filter((link) => link.includes('#')), links.filter((link) => !link.includes('#'))];
      expect(files.length).toBeGreaterThan(flawless.size);
      expect(files.filter((link) => !existsSync(fileURLToPath(link)))).toEqual([]);
      const ids = new Set(await page.locator('[id]').evaluateAll((all) => all.map(({ id }) => id)));
      expect(inside.filter((link) => !ids.has(link.split('#')[1] ?? ''))).toEqual([]);
      expect(asked.filter((url) => !/^(file|data):/.test(url))).toEqual([]);
    });
  });

  test('should print everything, also what is closed', async () => {
    const { folder } = await trial();
    await withPage({ width: 1280, colorScheme: 'dark' }, async (page) => {
      await page.goto(urlOf(folder));
      await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
      await page.emulateMedia({ media: 'print' });
      await expect(page.locator('details:not([open])')).toHaveCount(0);
      await expect(page.getByRole('button')).toBeHidden();
      const colours = await page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor);
      expect(colours).toBe('rgb(255, 255, 255)');
    });
  });

  test('should show all pictures that stand in it', async () => {
    const { folder } = await trial();
    await withPage({ width: 1280, colorScheme: 'light' }, async (page) => {
      await page.goto(urlOf(folder));
      await page.getByRole('button', { name: 'Open all' }).click();
      const pictures = page.locator('img');
      expect(await pictures.count()).toBeGreaterThan(10);
      for (const picture of await pictures.all()) {
        // What is drawn on the way moves what is below it.
        const seen = async () => {
          await picture.scrollIntoViewIfNeeded();
          return picture.evaluate((img: HTMLImageElement) => img.naturalWidth);
        };
        await expect.poll(seen).toBeGreaterThan(0);
      }
    });
  });

  test('should have the pictures of calls for a chat too, light and with their words', async () => {
    const { folder } = await trial();
    const file = join(folder, 'timelines/contextforge/config.add-tool.traffic.png');
    await withPage({ width: 1280, colorScheme: 'dark' }, async (page) => {
      const url = `data:image/png;base64,${readFileSync(file).toString('base64')}`;
      await page.setContent(`<img src="${url}">`);
      const picture = page.locator('img');
      await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(1100);
      const { corner, title } = await picture.evaluate(inkOf);
      expect(corner).toEqual([255, 255, 255, 255]);
      // Without a font there would be no letters.
      expect(title).toBeGreaterThan(200);
    });
  });

  test('should be usable without scripts', async () => {
    const { folder, verdict } = await trial();
    await withPage({ width: 1280, colorScheme: 'light', javaScriptEnabled: false }, async (page) => {
      await page.goto(urlOf(folder));
      await expectFacts(page, verdict);
      await expect(page.getByRole('button')).toHaveCount(0);
    });
  });

  test('should open with 10,000 checks, and run no markup of a name', async () => {
    const file = test.info().outputPath('index.html');
    const verdict = largeVerdict(10_000);
    const [standard] = verdict.standards;
    if (standard !== undefined) standard.target = '<img src=x onerror="document.title=\'stolen\'">';
    writeFileSync(
      file,
      renderPage({
        verdict,
        about: undefined,
        previous: undefined,
        views: [],
        histories: new Map(),
        pictures: new Map(),
      }),
    );
    await withPage({ width: 1280, colorScheme: 'light' }, async (page) => {
      await page.goto(pathToFileURL(file).href);
      await expect(page.locator('.check')).toHaveCount(10_000);
      await expect(page.locator('h1')).toContainText('Do not accept: <img src=x');
      await expect(page).toHaveTitle(/^Do not accept/);
    });
  });
});

/** A run on two targets, the second of them worse than in the run before. */
async function trial({ complete = true } = {}): Promise<{ folder: string; verdict: RunVerdict }> {
  const runs = join(parent, String(complete));
  const folder = join(runs, '20261121-100000-abcd');
  if (!existsSync(join(folder, 'index.html'))) await tryTwice(runs, complete);
  return { folder, verdict: JSON.parse(readFileSync(join(folder, 'verdict.json'), 'utf8')) as RunVerdict };
}

async function tryTwice(runs: string, complete: boolean): Promise<void> {
  const standards = await loadStandards();
  for (const id of ['20261120-100000-abcd', '20261121-100000-abcd']) {
    const folder = join(runs, id);
    storeHistories(folder, 'contextforge');
    storeHistories(folder, 'another <b>one');
    storeTraffic(folder);
    const about = {
      id,
      complete,
      target: 'contextforge',
      startedAt: '2026-11-21T10:00:00Z',
      endedAt: '2026-11-21T11:02:03Z',
      provider: 'kind',
      kubernetesVersion: 'v1.36.3',
      command: 'npx playwright test',
    };
    writeFileSync(join(folder, 'run.json'), JSON.stringify(about));
    mkdirSync(join(folder, 'html'), { recursive: true });
    writeFileSync(join(folder, 'html/index.html'), '');
    if (id.startsWith('20261121')) {
      const file = historyFile(folder, 'first-tool-call');
      writeFileSync(file, readFileSync(file, 'utf8').replace('"ok":true', '"ok":false'));
    }
    const verdict = writeVerdict(folder, standards);
    writeRunFiles(folder, pageFiles(folder, readRunFolder(folder), verdict));
  }
}

function urlOf(folder: string): string {
  return pathToFileURL(join(folder, 'index.html')).href;
}

interface Setting {
  width: number;
  colorScheme: 'light' | 'dark';
  javaScriptEnabled?: boolean;
}

async function withPage(
  { width, ...options }: Setting,
  work: (page: Page, context: BrowserContext) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ ...options, viewport: { width, height: 900 } });
  try {
    await work(await context.newPage(), context);
  } finally {
    await context.close();
  }
}

/** Every row, score and check of the verdict is on the page, each with its own word. */
async function expectFacts(page: Page, { standards }: RunVerdict): Promise<void> {
  for (const [index, { items, target, title }] of standards.entries()) {
    const trialOf = page.locator(`#t${String(index + 1)}`);
    await expect(trialOf.locator('h2').first()).toContainText(target);
    await expect(trialOf.locator('.standard')).toHaveText(title);
    for (const item of items) {
      const row = trialOf.locator(`[data-row="${item.id}"] .head`);
      await expect(row).toContainText(item.score === undefined ? words[item.status] : `${String(item.score)} of 5`);
    }
    const checks = new Map(items.flatMap((item) => item.checks.map((check) => [check.id, check] as const)));
    const shown = await trialOf.locator('.check').evaluateAll((all) =>
      all.map((one) => ({
        id: one.querySelector(':scope > code')?.textContent,
        verdict: one.getAttribute('data-verdict'),
        badge: one.querySelector('.badge')?.textContent.replace(/^\S+ /, ''),
        told: [...one.querySelectorAll(':scope > dl > dd')].slice(0, 2).map((dd) => dd.textContent),
      })),
    );
    expect(shown.toSorted((a, b) => String(a.id).localeCompare(String(b.id)))).toEqual(
      [...checks.values()]
        .map(({ id, verdict, expected, seen }) => ({ id, verdict, badge: words[verdict], told: [expected, seen] }))
        .toSorted((a, b) => a.id.localeCompare(b.id)),
    );
  }
}

/** Nobody has to scroll sideways to read. */
async function expectFits(page: Page, width: number): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
}

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
  );
}

/** The colour of a corner, and how many dark pixels there are where the title stands. */
function inkOf(img: HTMLImageElement): { corner: number[]; title: number } {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [img.naturalWidth, img.naturalHeight];
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this browser draws nothing');
  context.drawImage(img, 0, 0);
  const title = [...context.getImageData(0, 0, 600, 32).data];
  const dark = title.filter((value, index) => index % 4 === 0 && value < 100);
  return { corner: [...context.getImageData(0, 0, 1, 1).data], title: dark.length };
}

async function keep(page: Page, name: string): Promise<void> {
  await page.evaluate(() => {
    scrollTo(0, 0);
  });
  await test.info().attach(name, { body: await page.screenshot(), contentType: 'image/png' });
}
