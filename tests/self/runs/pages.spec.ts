import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '../../../fixtures/test.ts';
import { runsFolder } from '../../../helpers/run/run.ts';
import type { RunVerdict } from '../../../helpers/verdict/types.ts';
import { openBrowser } from '../reports/browser.ts';
import { startRun } from './whole-run.ts';

test.describe('The reports of a run', { tag: '@full' }, () => {
  test('should open from disk and show what verdict.json says', async ({ cluster }) => {
    test.info().annotations.push({ type: 'cluster', description: cluster.context });
    const run = startRun('Criterion 1');
    const [, id = ''] = await run.prints(/Run (\d{8}-\d{6}-\w+) in/);
    await run.ended;
    const folder = join(runsFolder, id);
    const { standards } = JSON.parse(readFileSync(join(folder, 'verdict.json'), 'utf8')) as RunVerdict;
    const criterion = standards.flatMap(({ items }) => items).find((item) => item.id === 'criterion-1');

    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      await page.goto(pathToFileURL(join(folder, 'html/index.html')).href);
      await page.getByText('Criterion 1: Helm chart available').first().click();
      await expect(page.getByText(`${String(criterion?.score)} of 5`)).toBeVisible();
      for (const check of criterion?.checks ?? []) await expect(page.getByText(check.title).first()).toBeVisible();
      const pictures = page.locator('img');
      await expect(pictures).toHaveCount(new Set(criterion?.checks.map(({ experiment }) => experiment)).size);
      for (const picture of await pictures.all()) {
        await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
      }

      await page.goto(pathToFileURL(join(folder, 'allure/index.html')).href);
      await page.getByText('Category 8: Deployment and Operations').click();
      await page.getByText('Criterion 1: Helm chart available').first().click();
      for (const { level, title } of criterion?.levels ?? [])
        await expect(page.getByText(`Level ${String(level)}: ${title}`).first()).toBeVisible();

      await page.goto(pathToFileURL(join(folder, 'index.html')).href);
      await expect(page.locator('[data-row="criterion-1"]')).toContainText(`${String(criterion?.score)} of 5`);
      await page.getByRole('link', { name: 'html/index.html' }).click();
      await expect(page.getByText('Criterion 1: Helm chart available').first()).toBeVisible();
    } finally {
      await browser.close();
    }
  });
});
