/**
 * Reads texts by everything that reads documents of a target, and tells each when it is done. A process of its own: a pattern that runs away
 * cannot be interrupted from within.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeTopics } from '../../../../helpers/experiments/chart/documents.ts';
import { matchReadme } from '../../../../helpers/experiments/chart/readme.ts';
import { describedPaths, matchSchema } from '../../../../helpers/experiments/chart/schema.ts';
import { readUpgradeDocument } from '../../../../helpers/experiments/upgrade/document/read.ts';
import { maskLine, secretsOf } from '../../../../helpers/evidence/package/mask.ts';
import { fillPlaceholders } from '../../../../helpers/gitops/edit.ts';
import { parseText } from '../../../../helpers/gitops/tree/document.ts';
import { explainHelm } from '../../../../helpers/helm/explain.ts';
import { parseLint } from '../../../../helpers/helm/lint.ts';
import { readRunbook } from '../../../../helpers/runbooks/read.ts';
import type { Target } from '../../../../helpers/target/schema.ts';
import { inline } from '../../../../helpers/verdict/markdown.ts';
import { withoutCommands } from '../../../../reports/github/commands.ts';
import { readers, texts } from './hostile-texts.ts';
import type { Reader } from './hostile-texts.ts';

const [folder = ''] = process.argv.slice(2);

const read: Readonly<Record<Reader, (text: string) => void>> = {
  readme: (text) => {
    matchReadme(text, { replicas: 1, image: { tag: 'a' } }, []);
  },
  sections: (text) => {
    mkdirSync(join(folder, 'chart'), { recursive: true });
    writeFileSync(join(folder, 'chart/README.md'), text);
    const chart = { name: 'sample', version: '1.0.0', folder: join(folder, 'chart'), source: 'chart' };
    describeTopics({ folder, docs: {} } as Target, [chart]);
  },
  document: (text) => {
    readUpgradeDocument('upgrade.md', text);
  },
  runbook: (text) => {
    readRunbook('a.md', `---\nfailure: a\n---\n${text}`);
  },
  tree: (text) => {
    parseText(text, 'a.yaml');
  },
  placeholders: (text) => {
    mkdirSync(join(folder, 'tree'), { recursive: true });
    writeFileSync(join(folder, 'tree/a.yaml'), text);
    fillPlaceholders(join(folder, 'tree'), new Map());
  },
  helm: (text) => {
    parseLint(text);
    explainHelm(text, { action: 'template', where: 'chart' });
  },
  mask: (text) => {
    maskLine(text, secretsOf({}));
  },
  output: (text) => {
    withoutCommands(text);
    inline(text);
  },
  schema: () => {
    const any = { $ref: '#' };
    const again = { allOf: Array(10).fill(any), anyOf: Array(10).fill(any) };
    const schema = { ...again, properties: Object.fromEntries(Array.from('abcdefghij', (key) => [key, { ...again }])) };
    describedPaths(schema);
    matchSchema({ a: { b: { c: { d: 1 } } } }, schema);
  },
};

for (const reader of readers)
  for (const [name, text] of Object.entries(texts)) {
    try {
      read[reader](text);
    } catch (thrown) {
      // What is nested too deeply is refused: that ends an experiment with a reason, and no process.
      if (!(thrown instanceof RangeError)) throw thrown;
    }
    process.stdout.write(`${reader}: ${name}\n`);
  }
