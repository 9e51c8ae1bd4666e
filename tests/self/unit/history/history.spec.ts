import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { History, HistoryWriter } from '../../../../helpers/history/history.ts';

test.describe('history', { tag: '@static' }, () => {
  test('should read back what was written', async () => {
    const writer = begin();
    writer.fact('colour', 'red');
    writer.fact('colour', 'blue');
    writer.write('helm install', 'release/gateway', 'trial');
    writer.observe('pod.ready', 'Pod/a', { node: 'one' }, 7);
    await writer.step(
      'install',
      'Install it',
      () => Promise.resolve(3),
      (count) => ({ count }),
    );
    writer.end('completed');
    const history = History.read(writer.file);
    expect(history?.begin).toMatchObject({ experiment: 'e', target: 't', run: 'r' });
    expect(history?.fact('colour')).toBe('blue');
    expect(history?.writes).toMatchObject([{ verb: 'helm install', object: 'release/gateway', namespace: 'trial' }]);
    expect(history?.observations).toMatchObject([{ at: 7, detail: { node: 'one' } }]);
    expect(history?.step('install')).toMatchObject({ ok: true, detail: { count: 3 } });
    expect(history?.end?.status).toBe('completed');
  });

  test('should record a step that failed, and pass its error on', async () => {
    const writer = begin();
    await expect(
      writer.step('install', 'Install it', () => Promise.reject(new Error('no such chart'))),
    ).rejects.toThrow('no such chart');
    expect(History.read(writer.file)?.step('install')).toMatchObject({ ok: false, error: 'no such chart' });
  });

  test('should refer to a record by its line', () => {
    const writer = begin();
    writer.fact('a', 1);
    const history = History.read(writer.file);
    const fact = history?.factRecord('a');
    expect(fact && history?.reference(fact)).toBe('e#2');
    expect(readFileSync(writer.file, 'utf8').split('\n')[1]).toContain('"fact"');
  });

  test('should be undefined where there is none, or not one whole line', () => {
    const file = test.info().outputPath('history.jsonl');
    expect(History.read(file)).toBeUndefined();
    writeFileSync(file, '{"type":"beg');
    expect(History.read(file)).toBeUndefined();
  });

  test('should lose at most the line at which a kill cut it off', () => {
    const writer = begin();
    for (let count = 0; count < 20; count++) writer.fact('line', `${String(count)} \n "quoted" ü`);
    const whole = readFileSync(writer.file);
    fc.assert(
      fc.property(fc.nat({ max: whole.length }), (length) => {
        const cut = whole.subarray(0, length);
        writeFileSync(writer.file, cut);
        const lines = cut.filter((byte) => byte === '\n'.charCodeAt(0)).length;
        expect(History.read(writer.file)?.records.length ?? 0).toBe(lines);
      }),
      { numRuns: 50 },
    );
  });

  test('should not hide a line that is damaged in the middle', () => {
    const writer = begin();
    appendFileSync(writer.file, '{"type":\n');
    writer.end('completed');
    expect(() => History.read(writer.file)).toThrow(SyntaxError);
  });
});

function begin(): HistoryWriter {
  return HistoryWriter.begin(test.info().outputPath('history.jsonl'), { experiment: 'e', target: 't', run: 'r' });
}
