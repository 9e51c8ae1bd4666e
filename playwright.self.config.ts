import { defineConfig } from '@playwright/test';
import trial from './playwright.config.ts';

/** The suite's own tests: `@static` ones need nothing, the others a cluster. */
export default defineConfig({
  ...trial,
  testDir: 'tests/self',
  testIgnore: [],
});
