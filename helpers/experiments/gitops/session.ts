import { cpSync, mkdirSync, realpathSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { engines } from '../../gitops/engines.ts';
import { fillPlaceholders } from '../../gitops/edit.ts';
import type { GitOpsEngine } from '../../gitops/engine.ts';
import { openRemote } from '../../gitops/remote.ts';
import type { GitRemote } from '../../gitops/remote.ts';
import { WorkingCopy } from '../../gitops/working-copy.ts';
import { messageOf, UserError } from '../../errors.ts';
import type { Mistake } from '../../errors.ts';
import type { Kube } from '../../kubernetes/kube.ts';
import { observePods } from '../../kubernetes/record.ts';
import { createSecrets } from '../../kubernetes/secrets.ts';
import type { SecretValues } from '../../mcp/token.ts';
import { unsafeCopy } from '../../target/boundary.ts';
import type { ImageLocations } from '../../target/placeholders.ts';
import type { Target } from '../../target/schema.ts';
import { objectsNotFromCluster } from '../clean.ts';
import { own } from '../steps.ts';
import type { ExperimentContext } from '../types.ts';

export type GitOpsDeclaration = NonNullable<Target['gitops']>;

/** A namespace that follows a branch of its own. */
export interface GitOpsSession {
  context: ExperimentContext;
  declared: GitOpsDeclaration;
  /** Bound to the namespace. */
  kube: Kube;
  namespace: string;
  secrets: SecretValues;
  engine: GitOpsEngine;
  remote: GitRemote;
  copy: WorkingCopy;
  /** The first commit: the desired state as the target declares it. */
  commit: string;
}

/** What a target needs to be tried by Git. */
export function lacksGitops({ gitops, file }: Target): Mistake | undefined {
  if (gitops !== undefined) return undefined;
  return {
    what: 'The target does not declare how it is deployed from Git',
    where: `${file} gitops`,
    fix: 'name the tree and the folder in it that deploys the target: `gitops: { tree, path }`',
  };
}

/**
 * Makes a namespace that follows a branch with the target's desired state, does `work`, and removes the branch again. Nothing but the
 * namespace, the declared Secrets and the engine's own objects is created by hand. Steps: `namespace`, `secrets`, `repository`, `follow`.
 */
export async function withGitOps(
  context: ExperimentContext,
  work: (session: GitOpsSession) => Promise<void>,
): Promise<void> {
  const { target, cluster, history, redactor, folder } = context;
  const declared = target.gitops;
  if (declared === undefined) throw new Error('the target declares no gitops');
  const images = await context.images();
  const { name: namespace, kube } = await own(context, 'namespace', 'make a namespace', () => context.namespace());
  history.fact('namespace.clean', { objects: await objectsNotFromCluster(kube, namespace) });
  const observer = observePods(kube, namespace, history);
  const secrets = await own(context, 'secrets', 'make the Secrets', () =>
    createSecrets(kube, target.secrets, { redactor, history }),
  );
  const engine = engines[declared.engine]({
    kube,
    onWrite: (verb, object) => {
      history.write(verb, object, namespace);
    },
  });
  const remote = await openRemote({ cluster, target, redactor }, namespace);
  try {
    const { copy, commit } = await own(
      context,
      'repository',
      'write the desired state to a repository',
      async () => {
        const copy = await WorkingCopy.create(join(folder, 'desired-state'), remote, (what) => {
          history.write('git push', what);
        });
        copyTree(target, declared, copy.folder);
        fillPlaceholders(join(copy.folder, declared.path), placeholders({ namespace, images, engine }));
        const commit = await copy.commit('The desired state');
        await copy.push();
        return { copy, commit };
      },
      ({ commit }) => ({ commit, branch: remote.branch }),
    );
    history.fact('gitops.engine', { name: engine.name, version: await engine.version() });
    const { url, branch, credentials } = remote;
    await own(context, 'follow', `make ${engine.name} follow the branch`, () =>
      engine.follow({ url, branch, path: declared.path, ...(credentials === undefined ? {} : { credentials }) }),
    );
    await work({ context, declared, kube, namespace, secrets, engine, remote, copy, commit });
  } finally {
    // What is written from here on is clean-up.
    history.fact('gitops.over', true);
    for (const undo of [() => engine.forget(), () => remote.dispose()])
      await undo().catch((thrown: unknown) => {
        context.progress(`could not be undone: ${messageOf(thrown)}`);
      });
    await observer.stop();
  }
}

const LEFT_OUT = ['.git', 'node_modules'];

/** Everything in the tree but what Git itself keeps there. @throws UserError when a link leads out of it. */
function copyTree({ folder, file }: Target, { tree }: GitOpsDeclaration, into: string): void {
  const source = resolve(folder, tree);
  // What is copied is pushed to a repository, for whoever may read that.
  const problem = unsafeCopy(source, realpathSync(source), LEFT_OUT);
  if (problem !== undefined) {
    throw new UserError({
      what: `The tree ${problem}`,
      where: `${file} gitops.tree`,
      fix: 'put into the tree what it needs, or name a folder further up',
    });
  }
  mkdirSync(into, { recursive: true });
  const filter = (path: string) => !LEFT_OUT.includes(basename(path));
  cpSync(source, into, { recursive: true, dereference: true, filter });
}

function placeholders({
  namespace,
  images,
  engine,
}: {
  namespace: string;
  images: ImageLocations;
  engine: GitOpsEngine;
}): Map<string, string> {
  const texts = new Map([['namespace', namespace], ...Object.entries(engine.placeholders)]);
  for (const [name, { repository, tag }] of Object.entries(images))
    texts.set(`images.${name}.repository`, repository).set(`images.${name}.tag`, tag);
  return texts;
}
