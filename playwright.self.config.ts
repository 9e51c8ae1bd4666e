import { defineConfig } from '@playwright/test';
import trial from './playwright.config.ts';

/**
 * The suite's own tests (`@static` ones need nothing, the others a cluster), and beside them the smoke tier of the trial itself:
 * `npm test` is one run with one result.
 */
export default defineConfig({
  ...trial,
  workers: 2,
  projects: [
    { name: 'self', testDir: 'tests/self', testIgnore: [] },
    { name: 'trial', testDir: 'tests', grep: /@smoke/, workers: 1 },
  ],
});
