import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { execa } from 'execa';
import { recordSbom, sbomOf } from '../../../../helpers/run/sbom.ts';
import { root } from '../repo/repository.ts';

const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Parameters<typeof sbomOf>[0];

interface Sbom {
  components: { purl: string; hashes?: { alg: string; content: string }[] }[];
}

test.describe('what a run says the suite is made of', { tag: '@static' }, () => {
  test('should be what npm says of the same packages', async () => {
    // Without `--omit dev`: npm leaves out with them what a run needs, too.
    const args = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
    const { stdout } = await execa('npm', args, { cwd: root });
    const described = ({ purl, hashes = [] }: Sbom['components'][number]) =>
      [purl, ...hashes.map(({ alg, content }) => `${alg} ${content}`)].join(' ');
    const told = new Set((JSON.parse(stdout) as Sbom).components.map(described));
    const own = sbomOf(lock).components.map(described);
    expect(own.filter((one) => !told.has(one))).toEqual([]);
  });

  test('should name every package by a hash, and none twice', () => {
    const { components } = sbomOf(lock);
    expect(components.length).toBeGreaterThan(100);
    expect(components.filter(({ hashes }) => hashes === undefined)).toEqual([]);
    expect(new Set(components.map((component) => component['bom-ref'])).size).toBe(components.length);
    for (const { version, purl } of components)
      expect(purl).toMatch(new RegExp(`^pkg:npm/(%40[^/@]+/)?[^/@]+@${version.replaceAll(/[.+]/g, '\\$&')}$`));
  });

  test('should stand in the folder of the run, the same each time', () => {
    const texts = ['one', 'two'].map((name) => {
      const folder = test.info().outputPath(name);
      mkdirSync(folder, { recursive: true });
      recordSbom({ id: name, folder, owner: process.pid });
      return readFileSync(join(folder, 'sbom.cdx.json'), 'utf8');
    });
    expect(texts[0]).toBe(texts[1]);
  });
});
