/** Counters that count something other than calls. */
const OTHER_UNITS = /bytes|seconds|objects|collected/;
/** What runtimes tell of themselves, whether or not anybody calls: https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics */
const OF_RUNTIMES = /^(process|python|go|jvm|nodejs)_/;

/** Whether a metric, by its name, counts calls. */
export function countsCalls(name: string): boolean {
  return name.endsWith('_total') && !OTHER_UNITS.test(name) && !OF_RUNTIMES.test(name);
}
