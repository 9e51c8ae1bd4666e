interface Duration {
  minutes: number;
  reason: string;
}

const seed = (strategy: string): string => `The protocol's own plan for ${strategy}.`;

/** How long phases are planned, in minutes. */
export const durations = {
  blueGreenDeploy: { minutes: 10, reason: seed('blue-green: "Deploy Green"') },
  blueGreenTest: { minutes: 15, reason: seed('blue-green: "Test Green"') },
  blueGreenSwitch: { minutes: 5, reason: seed('blue-green: "Switch Traffic"') },
  blueGreenMonitor: { minutes: 30, reason: seed('blue-green: "Monitor"') },
  blueGreenDecommission: { minutes: 5, reason: seed('blue-green: "Decommission Blue"') },
  canaryDeploy: { minutes: 10, reason: seed('canary: "Deploy Canary 10%"') },
  canaryMonitor: { minutes: 30, reason: seed('canary: "Monitor 10%", 25% and 50%') },
  canaryIncrease: { minutes: 5, reason: seed('canary: "Increase to 25%" and 50%') },
  canaryFull: { minutes: 10, reason: seed('canary: "Full Rollout"') },
  rollingPod: { minutes: 5, reason: seed('rolling: five minutes a pod') },
  recreateStop: { minutes: 5, reason: 'As long as "Decommission Blue": the same work, though users notice it here.' },
  recreateDeploy: { minutes: 10, reason: 'As long as "Deploy Green": the same work.' },
  recreateTest: { minutes: 15, reason: 'As long as "Test Green", though users are on it already.' },
  recreateMonitor: { minutes: 30, reason: 'As long as after a blue-green switch: all users met the version at once.' },
  variantDeploy: { minutes: 10, reason: 'As long as "Deploy Green": the same work.' },
  variantTest: { minutes: 15, reason: 'As long as "Test Green": the same work.' },
  variantSplit: { minutes: 5, reason: 'As long as a step of a canary: the same work.' },
  variantCompare: {
    minutes: 60,
    reason:
      'Two monitoring times of a canary, since each variant gets only a part of the calls that a comparison needs.',
  },
  variantPromote: { minutes: 10, reason: 'As long as the "Full Rollout" of a canary: the same work.' },
  variantMonitor: { minutes: 30, reason: 'As long as after a blue-green switch: all users are on one version now.' },
  variantDecommission: { minutes: 5, reason: 'As long as "Decommission Blue": the same work.' },
} as const satisfies Record<string, Duration>;

/** Percentages of calls that a canary gets after its first step, as the protocol plans them. */
export const CANARY_STEPS = [25, 50] as const;

/** Its first step where the target does not declare one, since canary is not its strategy: that of the protocol. */
export const DEFAULT_CANARY_PERCENTAGE = 10;

/** Percentage of users that get the candidate in an A/B test: with halves a comparison needs the fewest calls. */
export const DEFAULT_VARIANT_PERCENTAGE = 50;
