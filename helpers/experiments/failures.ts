import { join } from 'node:path';
import { failureGroups, failures, type FailureGroup, type KnownFailure } from '../failures/catalogue.ts';
import type { FailureSite } from '../failures/types.ts';
import { kinds } from '../kubernetes/resources.ts';
import { tokenFor } from '../mcp/token.ts';
import { readRunbooks, runbookFor } from '../runbooks/folder.ts';
import type { Runbook } from '../runbooks/types.ts';
import { makeWorkbench } from '../runbooks/workbench.ts';
import { deployTarget, type DeployedTarget } from './deploy-target.ts';
import { tryFailure } from './failures/try.ts';
import type { Experiment, ExperimentContext } from './types.ts';
import { underTraffic } from './under-traffic.ts';

/**
 * Lengths of the calls in flight, in seconds. Failures come without warning, so every call that is in flight on what fails may be lost;
 * long ones would only prolong the watch.
 */
const LENGTHS = [1, 6] as const;

const titles: Record<FailureGroup, string> = {
  pods: 'Failures of pods, and their runbooks',
  dependencies: 'Failures of what the gateway needs, and their runbooks',
  nodes: 'Failures of nodes, and their runbooks',
};

/** One experiment a group: each failure is made while traffic runs, and its runbook is followed. */
export const failureExperiments: readonly Experiment[] = failureGroups.map((group) => ({
  id: `failures.${group}`,
  title: titles[group],
  needs: ['kubectl'],
  // Seven failures of which nothing works take this long; a target with good runbooks takes a few minutes. In ms.
  timeLimitMs: 90 * 60_000,
  run: (context) => runGroup(context, group),
}));

interface Prepared {
  failure: KnownFailure;
  runbook: Runbook;
}

/** A failure without a runbook is not made: there would be nothing to try. */
async function runGroup(context: ExperimentContext, group: FailureGroup): Promise<void> {
  const { target, history } = context;
  const folder = target.docs.runbooks;
  const runbooks = folder === undefined ? [] : readRunbooks(join(target.folder, folder));
  const prepared = failures
    .filter((failure) => failure.group === group)
    .flatMap((failure): Prepared[] => {
      const runbook = runbookFor(failure.id, runbooks);
      if (runbook !== undefined) return [{ failure, runbook }];
      history.fact(`unprepared.${failure.id}`, 'there is no runbook for it');
      return [];
    });
  if (prepared.length === 0) return;
  const deployed = await deployTarget(context);
  if (deployed.url !== undefined) await tryAll(context, deployed, deployed.url, prepared);
  await deployed.stopObserving();
}

async function tryAll(
  context: ExperimentContext,
  deployed: DeployedTarget,
  url: string,
  prepared: readonly Prepared[],
): Promise<void> {
  const { target, cluster, redactor, history } = context;
  const { secrets, namespace, releases } = deployed;
  const token = await tokenFor(target.mcp.auth, { secrets });
  if (token !== undefined) redactor.add(token);
  const site = await siteOf(context, deployed);
  const workbench = await makeWorkbench({
    access: { ...cluster, kubectl: site.kubectl },
    namespace,
    releases: releases.map(({ name }) => name),
    redactor,
  });
  try {
    await underTraffic(context, { url, token, lengths: LENGTHS }, async () => {
      let unwell: string | undefined;
      for (const { failure, runbook } of prepared) {
        if (unwell !== undefined)
          history.fact(`skipped.${failure.id}`, `the target was not well any more after ${unwell}`);
        else if (!(await tryFailure({ context, site, workbench }, failure, runbook))) unwell = failure.id;
      }
    });
  } finally {
    workbench.dispose();
  }
}

async function siteOf(
  context: ExperimentContext,
  { namespace, kube, helm, releases }: DeployedTarget,
): Promise<FailureSite> {
  const { target, cluster, history, redactor, signal, folder } = context;
  const { metadata } = await kube.get(kinds.namespace, { name: namespace });
  return {
    ...{ target, cluster, kube, helm, releases, history, redactor, signal, folder },
    kubectl: cluster.kubectl ?? 'kubectl',
    owner: { labels: metadata?.labels ?? {}, annotations: metadata?.annotations ?? {} },
  };
}
