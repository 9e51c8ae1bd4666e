const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Time limits of the runner, in ms, in one place. They end what hangs; nothing is judged by them. */
export const timeouts = {
  /**
   * A test waits for the cluster (a cold build of the embedded one and of the images takes some 15 minutes on two cores, the same again on
   * a busy machine) and for experiments, which have limits of their own that are below this.
   */
  test: 150 * MINUTE,
  /** As much of that as belongs to the cluster. */
  cluster: 60 * MINUTE,
  /** Making a namespace takes a second; removing one waits for the grace periods of its pods, and then tells what is left. */
  namespace: 5 * MINUTE,
  /** After an abort an experiment still collects evidence and removes its namespaces, see `namespace`. */
  experiment: 6 * MINUTE,
  /** Reading histories and drawing them. */
  expect: 10 * SECOND,
  /** A unit test that takes longer hangs. */
  unitTest: MINUTE,
} as const;
