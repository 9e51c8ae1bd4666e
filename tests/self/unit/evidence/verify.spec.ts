import { cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { entriesBelow, filesBelow } from '../../../../helpers/files.ts';
import { parseManifest } from '../../../../helpers/evidence/package/manifest.ts';
import { packEvidence } from '../../../../helpers/evidence/package/pack.ts';
import { verifyEvidence } from '../../../../helpers/evidence/package/verify.ts';
import { packableRun, put, unpacked } from './packable-run.ts';

const env = {};
const run = () => packableRun(test.info().outputPath('run'));

test.describe('verifying evidence', { tag: '@static' }, () => {
  test('should find nothing in a package that is as it was packed', async () => {
    const { places } = await packEvidence(await run(), { env });
    for (const place of [places.folder, places.archive])
      expect(await verifyEvidence(place)).toMatchObject({ differences: [], signed: false });
  });

  test('should name any file that was changed, added or taken away', async () => {
    const { places } = await packEvidence(await run(), { env });
    const pristine = test.info().outputPath('pristine');
    cpSync(places.folder, pristine, { recursive: true });
    const files = filesBelow(pristine);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.constantFrom('change', 'append', 'remove', 'add', 'link'),
        fc.nat(),
        async (path, how, at) => {
          const full = join(places.folder, path);
          const stored = readFileSync(full);
          const index = stored.length === 0 ? 0 : at % stored.length;
          const flipped = Buffer.from(stored);
          if (stored.length > 0) flipped[index] = (flipped[index] ?? 0) ^ 1;
          if (how === 'change' && stored.length > 0) writeFileSync(full, flipped);
          if (how === 'append' || (how === 'change' && stored.length === 0))
            writeFileSync(full, Buffer.concat([stored, Buffer.from('!')]));
          if (how === 'remove' || how === 'link') rmSync(full);
          if (how === 'link') symlinkSync(join(pristine, path), full);
          if (how === 'add') writeFileSync(`${full}.more`, '');
          const { differences } = await verifyEvidence(places.folder);
          expect(differences.join('\n')).toContain(how === 'add' ? `${path}.more` : path.split('/').at(-1));
          rmSync(full, { force: true });
          rmSync(`${full}.more`, { force: true });
          cpSync(join(pristine, path), full);
        },
      ),
      { numRuns: 40 },
    );
    expect((await verifyEvidence(places.folder)).differences).toEqual([]);
  });

  test('should find any byte of the archive that was changed, and any that was cut off or added', async () => {
    const { places } = await packEvidence(await run(), { env });
    const stored = readFileSync(places.archive);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: stored.length - 1 }), fc.constantFrom('flip', 'cut', 'add'), async (at, how) => {
        const flipped = Buffer.from(stored);
        flipped[at] = (flipped[at] ?? 0) ^ 0x10;
        writeFileSync(
          places.archive,
          how === 'flip'
            ? flipped
            : how === 'cut'
              ? stored.subarray(0, at)
              : Buffer.concat([stored, stored.subarray(at)]),
        );
        expect((await verifyEvidence(places.archive)).differences).not.toEqual([]);
      }),
      { numRuns: 25 },
    );
    writeFileSync(places.archive, stored);
    expect((await verifyEvidence(places.archive)).differences).toEqual([]);
  });

  test('should find that the manifest was made to fit, by the statement', async () => {
    const { places } = await packEvidence(await run(), { env });
    writeFileSync(join(places.folder, 'added.txt'), 'praise\n');
    const manifest = parseManifest(readFileSync(join(places.folder, 'manifest.json'), 'utf8'));
    expect(manifest).not.toHaveProperty('problem');
    rmSync(join(places.folder, 'added.txt'));
    writeFileSync(join(places.folder, 'manifest.json'), `${JSON.stringify(manifest)}\n`);
    expect((await verifyEvidence(places.folder)).differences).toEqual(['evidence-package: manifest.json: was changed']);
  });

  test('should find that the statement or the manifest is gone', async () => {
    const { places } = await packEvidence(await run(), { env });
    rmSync(places.statement);
    expect((await verifyEvidence(places.archive)).differences).toEqual([
      'evidence-package.statement.json: is not there',
    ]);
    rmSync(join(places.folder, 'manifest.json'));
    expect((await verifyEvidence(places.folder)).differences.join()).toContain('manifest.json: is not there');
  });

  test('should verify a folder that was unpacked somewhere else', async () => {
    const { places } = await packEvidence(await run(), { env });
    const elsewhere = test.info().outputPath('unpacked');
    for (const [name, { content }] of await unpacked(places.archive)) put(elsewhere, name, content.toString());
    const folder = join(elsewhere, 'seatrial-evidence-20261121-100000-abcd');
    expect((await verifyEvidence(folder)).differences).toEqual([]);
    put(folder, 'verdict.json', `${readFileSync(join(folder, 'verdict.json'), 'utf8')} `);
    expect((await verifyEvidence(folder)).differences).toEqual([expect.stringContaining('verdict.json: was changed')]);
    expect(entriesBelow(folder).every(({ isFile }) => isFile)).toBe(true);
  });
});
