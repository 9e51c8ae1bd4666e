import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { parseAllDocuments } from 'yaml';
import { LONGEST_MARKDOWN, textOf } from '../../files.ts';
import { Helm } from '../../helm/helm.ts';
import type { Target } from '../../target/schema.ts';
import { prepareRelease } from '../releases.ts';
import { own } from '../steps.ts';
import type { Experiment, ExperimentContext } from '../types.ts';
import { namesIn } from './document/names.ts';
import { readUpgradeDocument } from './document/read.ts';
import type { ShellBlock, UpgradeDocument } from './document/read.ts';
import { findTopics } from './document/topics.ts';
import { changedReleases } from './previous.ts';

/** What the documents say about upgrade and rollback. Facts: `documents`, `topic.NAME`, `blocks`, `names`. */
export const upgradeDocuments: Experiment = {
  id: 'upgrade.documents',
  title: 'Documents on upgrade and rollback read, and their commands looked at',
  needs: [],
  // A chart may come over a slow line; everything else takes seconds. In ms.
  timeLimitMs: 10 * 60_000,
  clusterless: true,

  async run(context) {
    const { target, history } = context;
    const helm = new Helm({ binary: context.helm, home: join(context.folder, 'helm') });
    const { objects, readmes } = await own(context, 'render', 'render the charts', () => render(context, helm));
    const documents = readDocuments(target, readmes);
    history.fact(
      'documents',
      documents.map(({ file, passages }) => ({ file, passages: passages.length })),
    );
    const releases = changedReleases(target).map(({ name }) => name);
    const all = target.releases.map(({ name }) => name);
    const topics = findTopics(documents, releases.length === 0 ? all : releases);
    for (const [topic, fact] of Object.entries(topics)) history.fact(`topic.${topic}`, fact);
    const blocks = documents.flatMap((document) => document.blocks);
    history.fact('blocks', await Promise.all(blocks.map(parsed)));
    history.fact(
      'names',
      documents.flatMap((document) => namesIn(document, { releases: all, objects })),
    );
  },
};

/** The declared document, else the READMEs of the charts. */
function readDocuments({ folder, docs }: Target, readmes: readonly string[]): UpgradeDocument[] {
  const files =
    docs.upgrade === undefined
      ? readmes.map((file) => ({ name: basename(file), file }))
      : [{ name: docs.upgrade, file: join(folder, docs.upgrade) }];
  return files
    .filter(({ file }) => existsSync(file))
    .map(({ name, file }) => readUpgradeDocument(name, textOf(file, LONGEST_MARKDOWN)));
}

/** `Kind/name` of all that the charts render, and of the declared Secrets; and where their READMEs are. */
async function render(context: ExperimentContext, helm: Helm): Promise<{ objects: string[]; readmes: string[] }> {
  const { target } = context;
  const images = await context.images();
  const objects = target.secrets.map(({ name }) => `Secret/${name}`);
  const readmes: string[] = [];
  for (const declared of target.releases) {
    const release = await prepareRelease(helm, target, declared, { images, namespace: 'seatrial' });
    readmes.push(join(release.chart.folder, 'README.md'));
    const manifest = await helm.template(release, target.kubernetesVersions.at(-1) ?? '');
    for (const document of parseAllDocuments(manifest)) {
      const { kind, metadata } = (document.toJS() ?? {}) as { kind?: string; metadata?: { name?: string } };
      if (kind !== undefined) objects.push(`${kind}/${metadata?.name ?? ''}`);
    }
  }
  return { objects, readmes };
}

/** Whether bash can read the block; nothing of it is executed. */
async function parsed({ file, line, script, tags }: ShellBlock) {
  const { failed, stderr } = await execa('bash', ['-n'], { input: script, reject: false });
  return {
    where: `${file}:${String(line)}`,
    tags,
    ok: !failed,
    ...(failed ? { error: stderr.trim().slice(0, 300) } : {}),
  };
}
