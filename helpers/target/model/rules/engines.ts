import type { Inconsistency } from '../../consistency.ts';
import { argoStrategies, isArgoStrategy } from '../engines.ts';
import type { ModelDeclaration } from '../schema.ts';

/** Fields that belong to Argo Rollouts, and what it cannot do without. */
export function engineRules(model: ModelDeclaration): Inconsistency[] {
  const { engines } = model;
  return [
    ...engines.flatMap((engine, index) =>
      engines.indexOf(engine) === index
        ? []
        : [{ path: ['engines', index], what: `${engine} is named twice`, fix: 'name each engine once' }],
    ),
    ...(engines.includes('argo-rollouts') ? argoRules(model) : unusedAnalysis(model)),
  ];
}

function argoRules({ engines, strategy, serving, analysis }: ModelDeclaration): Inconsistency[] {
  const known = argoStrategies.join(' and ');
  return [
    ...(engines[0] === 'argo-rollouts' && !isArgoStrategy(strategy)
      ? [
          {
            path: ['engines', 0],
            what: `Argo Rollouts carries out ${known}, and the strategy is ${strategy}: nothing could be delivered`,
            fix: `write "engines: [kubernetes, argo-rollouts]" to have it tried beside, or "strategy: ${argoStrategies[0]}"`,
          },
        ]
      : []),
    // Which figures tell whether a version is bad is known of servers that name them as everybody does.
    ...(serving.protocol === 'rest'
      ? []
      : [
          {
            path: ['serving', 'protocol'],
            what: `It is not known under which names a server of protocol ${serving.protocol} tells its figures, so Argo Rollouts could not analyse it`,
            fix: 'leave argo-rollouts out of "engines:"; it is for protocol rest',
          },
        ]),
    ...(analysis === undefined
      ? [
          {
            path: ['analysis'],
            what: 'Argo Rollouts needs to know where Prometheus is',
            fix: 'add "analysis: { prometheus: http://prometheus.monitoring.svc:9090 }", as the controller reaches it',
          },
        ]
      : []),
  ];
}

function unusedAnalysis({ analysis }: ModelDeclaration): Inconsistency[] {
  if (analysis === undefined) return [];
  return [
    {
      path: ['analysis'],
      what: 'analysis means nothing without Argo Rollouts',
      fix: 'remove it, or write "engines: [kubernetes, argo-rollouts]"',
    },
  ];
}
