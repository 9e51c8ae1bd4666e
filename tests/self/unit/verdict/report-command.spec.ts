import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { compareVerdictFiles, judgeRun, readRunFolder, verdictFiles } from '../../../../helpers/verdict/run-folder.ts';
import { loadStandards } from '../../../../helpers/verdict/standards.ts';
import { historyFile, judgedRun, seatrial } from './stored-run.ts';

const files = ['verdict.json', 'scorecard-category-8.md', 'scorecard.md'];

test.describe('seatrial report', { tag: '@static' }, () => {
  test('should rebuild every file byte for byte from the histories alone', async () => {
    const folder = await judgedRun(test.info().outputPath('run'));
    const before = read(folder);
    for (const name of files) rmSync(join(folder, name));
    const { stdout, exitCode } = await seatrial('report', folder);
    expect(read(folder)).toEqual(before);
    expect(stdout).toContain('verdict.json: was not there');
    expect(exitCode).toBe(0);
  });

  test('should rebuild the decision page and its pictures byte for byte, and say where it is', async () => {
    const folder = await judgedRun(test.info().outputPath('run'));
    const page = readFileSync(join(folder, 'index.html'));
    const picture = join(folder, 'timelines/contextforge/first-tool-call.timeline.svg');
    const drawn = readFileSync(picture);
    rmSync(join(folder, 'index.html'));
    rmSync(join(folder, 'timelines'), { recursive: true });
    const { stdout } = await seatrial('report', folder);
    expect(readFileSync(join(folder, 'index.html')).equals(page)).toBe(true);
    expect(readFileSync(picture).equals(drawn)).toBe(true);
    expect(stdout).toContain(`The decision page: ${join(folder, 'index.html')}`);
  });

  test('should notice a decision page that was made up, and a picture that follows from no history', async () => {
    const folder = await judgedRun(test.info().outputPath('run'));
    const file = join(folder, 'index.html');
    writeFileSync(file, readFileSync(file, 'utf8').replace('Do not accept', 'Accept'));
    writeFileSync(join(folder, 'timelines/contextforge/made-up.svg'), '<svg/>');
    const { stdout, exitCode } = await seatrial('report', folder, '--check');
    expect(stdout).toContain('index.html: differs from line');
    expect(stdout).toContain('timelines/contextforge/made-up.svg: follows from no history');
    expect(exitCode).toBe(1);
  });

  test('should find that nothing differs, and write nothing, when it checks', async () => {
    const { stdout, exitCode } = await seatrial('report', await judgedRun(test.info().outputPath('run')), '--check');
    for (const name of files) expect(stdout).toContain(`${name}: identical byte for byte`);
    expect(stdout).toMatch(/All \d+ files follow from the histories/);
    expect(exitCode).toBe(0);
  });

  test('should say which line was changed since, leave it, and end with 1 when it checks', async () => {
    const folder = await judgedRun(test.info().outputPath('run'));
    const file = join(folder, 'scorecard.md');
    const praised = readFileSync(file, 'utf8').replace('| 1 | Helm chart', '| 1 | A splendid Helm chart');
    writeFileSync(file, praised);
    const { stdout, exitCode } = await seatrial('report', folder, '--check');
    expect(stdout).toMatch(/scorecard\.md: differs from line 9 on: stored "\| 1 \| A splendid.*rebuilt "\| 1 \| Helm/);
    expect(stdout).toMatch(/^1 of \d+ files do not follow from the histories/m);
    expect(exitCode).toBe(1);
    expect(readFileSync(file, 'utf8')).toBe(praised);
    expect((await seatrial('report', folder)).exitCode).toBe(0);
    expect((await seatrial('report', folder, '--check')).exitCode).toBe(0);
  });

  test('should notice a history that was changed since', async () => {
    const folder = await judgedRun(test.info().outputPath('run'));
    const file = historyFile(folder, 'first-tool-call');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"ok":true', '"ok":false'));
    const { stdout, exitCode } = await seatrial('report', folder, '--check');
    expect(stdout).toContain('verdict.json: differs from line');
    expect(exitCode).toBe(1);
  });

  test('should name a scorecard that follows from no history', async () => {
    const folder = await judgedRun(test.info().outputPath('run'));
    writeFileSync(join(folder, 'scorecard-category-9.md'), '# All is well\n');
    const { stdout, exitCode } = await seatrial('report', folder, '--check');
    expect(stdout).toContain('scorecard-category-9.md: follows from no history');
    expect(exitCode).toBe(1);
  });

  test('should notice any byte that was changed, added or taken away', async () => {
    const folder = await judgedRun(test.info().outputPath('run'));
    const standards = await loadStandards();
    const rebuilt = verdictFiles(judgeRun(readRunFolder(folder), standards), standards);
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.nat(), fc.constantFrom('change', 'add', 'cut'), (name, at, how) => {
        const stored = Buffer.from(rebuilt.get(name) ?? '');
        const index = at % stored.length;
        const bytes = how === 'add' ? [...stored.subarray(index, index + 1), 33] : how === 'cut' ? [] : [33];
        const damaged = Buffer.concat([stored.subarray(0, index), Buffer.from(bytes), stored.subarray(index + 1)]);
        writeFileSync(join(folder, name), damaged);
        const found = compareVerdictFiles(folder, rebuilt).find((file) => file.name === name);
        expect(found?.difference === undefined).toBe(damaged.equals(stored));
        writeFileSync(join(folder, name), stored);
      }),
    );
  });

  test('should tell that there is no such run', async () => {
    expect((await seatrial('report', '20200101-000000-zzzz')).stderr).toContain('There is no run 20200101-000000-zzzz');
  });

  test('should judge a history that goes on after its end no better', async () => {
    const folder = await judgedRun(test.info().outputPath('run'));
    appendFileSync(historyFile(folder, 'first-tool-call'), '{"type":\n');
    const { stdout } = await seatrial('report', folder, '--check');
    expect(stdout).toContain('verdict.json: differs');
  });
});

function read(folder: string): string[] {
  return files.map((name) => readFileSync(join(folder, name), 'utf8'));
}
