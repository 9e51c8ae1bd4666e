import { join } from 'node:path';
import { describeBlock, runBlock } from '../../runbooks/execute.ts';
import { makeWorkbench } from '../../runbooks/workbench.ts';
import type { Workbench } from '../../runbooks/workbench.ts';
import { UserError } from '../../errors.ts';
import { LONGEST_MARKDOWN, textOf } from '../../files.ts';
import type { Target } from '../../target/schema.ts';
import { trial } from '../steps.ts';
import type { ExperimentContext } from '../types.ts';
import { readUpgradeDocument } from './document/read.ts';
import type { ShellBlock } from './document/read.ts';

/** What the blocks of the upgrade document may be tagged with: they are run at that place. */
export const blockTags = ['backup', 'before-rollback', 'verify', 'failed-upgrade'] as const;
export type BlockTag = (typeof blockTags)[number];

/** Longest that a block of the document may take, in ms: a dump of a database, or the tests of a chart. */
const BLOCK_LIMIT_MS = 5 * 60_000;

/** The blocks of the upgrade document that are tagged, and a place to run them. */
export class DocumentedSteps {
  readonly #context: ExperimentContext;
  readonly #blocks: readonly ShellBlock[];
  readonly #bench: Workbench | undefined;

  private constructor(context: ExperimentContext, blocks: readonly ShellBlock[], bench: Workbench | undefined) {
    this.#context = context;
    this.#blocks = blocks;
    this.#bench = bench;
  }

  /** @throws UserError when there are blocks to run and the cluster has no kubectl for them. */
  static async open(context: ExperimentContext, namespace: string): Promise<DocumentedSteps> {
    const { target, cluster, redactor } = context;
    const blocks = documentedBlocks(target);
    if (blocks.length === 0) return new DocumentedSteps(context, blocks, undefined);
    const { kubeconfig, context: name, helm, kubectl } = cluster;
    if (kubectl === undefined) {
      throw new UserError({
        what: `The blocks of ${target.docs.upgrade ?? 'the upgrade document'} cannot be run: there is no kubectl`,
        where: `the cluster of provider ${cluster.provider}`,
        fix: 'install kubectl on this machine',
      });
    }
    const bench = await makeWorkbench({
      access: { kubeconfig, context: name, helm, kubectl },
      namespace,
      releases: target.releases.map((release) => release.name),
      redactor,
    });
    return new DocumentedSteps(context, blocks, bench);
  }

  /**
   * Runs the blocks that are tagged with `tag`, in the order of the document, as the step `document.TAG.AT`; the fact of the same name says
   * that there is none.
   * @returns false when one of them failed.
   */
  async run(tag: BlockTag, at: string): Promise<boolean> {
    const { history, signal, redactor } = this.#context;
    const id = `document.${tag}.${at}`;
    const blocks = this.#blocks.filter((block) => block.tags.includes(tag));
    if (blocks.length === 0 || this.#bench === undefined) {
      history.fact(id, 'none');
      return true;
    }
    const bench = this.#bench;
    const done = await trial(
      this.#context,
      id,
      `run what the document says (${tag}, ${at})`,
      async () => {
        const lines: string[] = [];
        for (const { file, line, script } of blocks) {
          history.write('run block', `${file}:${String(line)}`);
          const block = { role: 'remedy' as const, line, script };
          const result = await runBlock(block, bench, { timeoutMs: BLOCK_LIMIT_MS, signal, redactor });
          if (!result.ok) throw new Error(`${file}: ${describeBlock(result)}`);
          lines.push(`${file}:${String(line)}`);
        }
        return lines;
      },
      (lines) => ({ blocks: lines }),
    );
    return done !== undefined;
  }

  close(): void {
    this.#bench?.dispose();
  }
}

function documentedBlocks(target: Target): ShellBlock[] {
  const file = target.docs.upgrade;
  if (file === undefined) return [];
  const { blocks } = readUpgradeDocument(file, textOf(join(target.folder, file), LONGEST_MARKDOWN));
  return blocks.filter(({ tags }) => blockTags.some((tag) => tags.includes(tag)));
}
