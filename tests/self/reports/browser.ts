import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';
import type { Browser } from '@playwright/test';

/** The machine's own browser where there is one: not every machine may download Playwright's. */
export function openBrowser(): Promise<Browser> {
  const own = '/usr/bin/chromium';
  const args = ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--disable-component-update'];
  return chromium.launch({ args, ...(existsSync(own) ? { executablePath: own } : {}) });
}
