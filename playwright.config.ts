import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { currentRun } from './helpers/run/run.ts';
import { askedFor, leftOutStandards } from './helpers/run/standards.ts';
import { timeouts } from './helpers/timeouts.ts';
import { reporters } from './reports/reporters.ts';

const run = currentRun();
const leftOut = await leftOutStandards();

/** The trial. The suite's own tests have a configuration of their own: playwright.self.config.ts. */
export default defineConfig({
  testDir: 'tests',
  // A standard is tried on its own kind of target, and says so otherwise: it would have nothing to judge.
  testIgnore: ['self/**', ...leftOut.specs],
  outputDir: join(run.folder, 'test-results'),
  reporter: reporters(run.folder, { remarks: leftOut.reasons, ...askedFor() }),
  // Which commit was tried stands in the reports.
  captureGitInfo: { commit: true, diff: false },
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
