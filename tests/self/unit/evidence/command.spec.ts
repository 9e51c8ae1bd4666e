import { generateKeyPairSync } from 'node:crypto';
import { appendFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { execa } from 'execa';
import { storeRun } from '../verdict/stored-run.ts';
import { packableRun } from './packable-run.ts';

const command = join(import.meta.dirname, '../../../../bin/seatrial.js');
const seatrial = (...args: string[]) =>
  execa(process.execPath, [command, ...args], { reject: false, stdin: 'ignore', env: { NODE_OPTIONS: '' } });

test.describe('seatrial evidence', { tag: '@static' }, () => {
  test('should pack, sign and verify a run, and end with 1 when it was changed since', async () => {
    const folder = await packableRun(test.info().outputPath('run'));
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const [secret, open] = [test.info().outputPath('key.pem'), test.info().outputPath('public.pem')];
    writeFileSync(secret, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    writeFileSync(open, publicKey.export({ type: 'spki', format: 'pem' }));

    const packed = await seatrial('evidence', 'pack', folder, '--sign', secret);
    expect(packed.stderr).toBe('');
    expect(packed.stdout).toMatch(/^\d+ files of run 20261121-100000-abcd/);
    expect(packed.exitCode).toBe(0);

    const verified = await seatrial('evidence', 'verify', folder, '--key', open);
    expect(verified.stdout).toContain('The statement is signed by this key.');
    expect(verified.exitCode).toBe(0);

    appendFileSync(join(folder, 'evidence-package/verdict.json'), ' ');
    const changed = await seatrial('evidence', 'verify', folder);
    expect(changed.stdout).toContain('evidence-package: verdict.json: was changed');
    expect(changed.exitCode).toBe(1);
    expect((await seatrial('evidence', 'verify', join(folder, 'evidence-package.tar.gz'))).exitCode).toBe(0);
  });

  test('should pack a run that was killed before it had a verdict', async () => {
    const folder = storeRun(test.info().outputPath('run'));
    writeFileSync(
      join(folder, 'run.json'),
      JSON.stringify({ id: '20261121-100000-abcd', complete: false, target: 'contextforge' }),
    );
    const { stdout, exitCode } = await seatrial('evidence', 'pack', folder);
    expect(stdout).toContain('not signed');
    expect(exitCode).toBe(0);
    expect(existsSync(join(folder, 'evidence-package/INDEX.md'))).toBe(true);
    expect((await seatrial('evidence', 'verify', folder)).stdout).toContain('No signature was checked');
  });

  test('should tell what is missing, without a stack trace, and end with 2', async () => {
    const folder = await packableRun(test.info().outputPath('run'));
    const none = await seatrial('evidence', 'verify', folder);
    expect(none.stderr).toMatch(/This run has no evidence package[\s\S]*seatrial evidence pack/);
    expect(none.exitCode).toBe(2);
    const nowhere = await seatrial('evidence', 'pack', '20200101-000000-zzzz');
    expect(nowhere.stderr).toContain('There is no run 20200101-000000-zzzz');
    expect(nowhere.exitCode).toBe(2);
    const keyless = await seatrial('evidence', 'pack', folder, '--sign', join(folder, 'nothing.pem'));
    expect(keyless.stderr).toContain('There is no such key');
    expect(keyless.stderr).not.toContain('    at ');
    expect(keyless.exitCode).toBe(2);
  });

  test('should find a package without its manifest damaged, rather than missing', async () => {
    const folder = await packableRun(test.info().outputPath('run'));
    await seatrial('evidence', 'pack', folder);
    rmSync(join(folder, 'evidence-package/manifest.json'));
    const { stdout, exitCode } = await seatrial('evidence', 'verify', join(folder, 'evidence-package'));
    expect(stdout).toContain('manifest.json: is not there');
    expect(exitCode).toBe(1);
  });
});
