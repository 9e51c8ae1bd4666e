import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { currentRun } from './helpers/run/run.ts';
import { timeouts } from './helpers/timeouts.ts';
import { reporters } from './reports/reporters.ts';

const run = currentRun();

/** The trial. The suite's own tests have a configuration of their own: playwright.self.config.ts. */
export default defineConfig({
  testDir: 'tests',
  testIgnore: 'self/**',
  outputDir: join(run.folder, 'test-results'),
  // Listing tests leaves no reports behind.
  reporter: process.argv.includes('--list') ? 'list' : reporters(run.folder),
  globalSetup: './fixtures/global-setup.ts',
  globalTeardown: './fixtures/global-teardown.ts',
  // One experiment at a time: a neighbour that starts a gateway would show in every figure of the others.
  workers: 1,
  fullyParallel: true,
  // A second attempt would hide the first.
  retries: 0,
  failOnFlakyTests: true,
  forbidOnly: process.env.CI !== undefined,
  timeout: timeouts.test,
  expect: { timeout: timeouts.expect },
});
