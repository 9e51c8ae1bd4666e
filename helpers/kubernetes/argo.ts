import type { KubeObject, Resource } from './resources.ts';

/** What of the objects of Argo Rollouts is read here. */

export interface Rollout extends KubeObject {
  spec?: { replicas?: number };
  status?: {
    /** Generation that the status is about, as a text. */
    observedGeneration?: string;
    phase?: 'Healthy' | 'Degraded' | 'Progressing' | 'Paused';
    message?: string;
    abort?: boolean;
    /** Hash of the pods that the Rollout asks for, and of those that serve for good. */
    currentPodHash?: string;
    stableRS?: string;
    currentStepIndex?: number;
    pauseConditions?: { reason: string }[];
    canary?: { weights?: { canary?: { weight?: number } } };
    blueGreen?: {
      activeSelector?: string;
      previewSelector?: string;
      /** There as soon as all pods of the candidate are ready. */
      prePromotionAnalysisRunStatus?: { name: string };
    };
  };
}

export interface AnalysisRun extends KubeObject {
  spec?: { metrics?: { name: string }[] };
  status?: {
    phase?: string;
    message?: string;
    metricResults?: {
      name: string;
      phase: string;
      message?: string;
      /** Measurements that came to a conclusion. */
      count?: number;
      failed?: number;
      error?: number;
      /** The latest ten. */
      measurements?: { phase: string; value?: string; message?: string; finishedAt?: string }[];
    }[];
  };
}

const resource = <T extends KubeObject>(kind: string, plural: string): Resource<T> => ({
  kind,
  apiVersion: 'argoproj.io/v1alpha1',
  plural,
  namespaced: true,
});

export const argoKinds = {
  rollout: resource<Rollout>('Rollout', 'rollouts'),
  analysisRun: resource<AnalysisRun>('AnalysisRun', 'analysisruns'),
};

/** The label by which the controller tells pods, and analyses of them, apart. */
export const POD_HASH = 'rollouts-pod-template-hash';
