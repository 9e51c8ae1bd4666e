import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { execa } from 'execa';
import { planSchema } from '../../../../helpers/planning/schema.ts';

const command = join(import.meta.dirname, '../../../../bin/seatrial.js');
const targets = join(import.meta.dirname, '../../../../fixtures/targets');
const iris = join(targets, 'fastapi-iris');

const plan = (...args: string[]) =>
  execa(process.execPath, [command, 'plan', ...args], { reject: false, stdin: 'ignore', env: { NODE_OPTIONS: '' } });

test.describe('seatrial plan', { tag: '@static' }, () => {
  test('should print the plan as text, and as data that is valid', async () => {
    const [text, data] = await Promise.all([plan(iris), plan(iris, '--format', 'json', '--strategy', 'rolling')]);
    expect(text.stdout).toContain('Canary deployment of fastapi-iris');
    expect(planSchema.parse(JSON.parse(data.stdout))).toMatchObject({
      strategy: 'rolling',
      declaredStrategy: 'canary',
    });
  });

  test('should write the picture into a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'seatrial-test-'));
    const file = join(folder, 'plan.svg');
    await plan(iris, '--format', 'svg', '--output', file);
    expect(readFileSync(file, 'utf8')).toMatch(/^<svg /);
    const nowhere = await plan(iris, '--output', join(folder, 'nowhere/plan.svg'));
    expect(nowhere.exitCode).toBe(2);
    expect(nowhere.stderr).toContain('--output');
    rmSync(folder, { recursive: true });
  });

  test('should refuse a target of another kind, and a strategy that there is not', async () => {
    const [gateway, strategy] = await Promise.all([
      plan(join(targets, 'contextforge')),
      plan(iris, '--strategy', 'hope'),
    ]);
    expect(gateway.exitCode).toBe(2);
    expect(gateway.stderr).toMatch(/of kind McpGateway, and this is for targets of kind Model\n {2}where: /);
    expect(strategy.exitCode).toBe(2);
    expect(strategy.stderr).toContain('blue_green, canary, rolling, recreate, a_b_test');
  });
});
