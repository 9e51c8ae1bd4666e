/** What the embedded cluster needs to know; all of it has defaults in the run's options. */
export interface EmbeddedOptions {
  /** Number of nodes, 1 to 9. */
  nodes: number;
  /** Absolute path: binaries, packages and the registry's images, kept between runs. */
  cacheFolder: string;
  /** Absolute path: everything of a running cluster; empty after `down`. */
  stateFolder: string;
  /** First two numbers of the private /16 that the cluster uses, e.g. `10.199`. */
  network: string;
  /** Keep a cluster that a run brought up until `cluster down`. */
  keepCluster: boolean;
  /** Install what is missing on the machine without asking. */
  assumeYes: boolean;
}
