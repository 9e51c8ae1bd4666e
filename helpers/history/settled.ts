import type { ObservationRecord } from './records.ts';

/** A job's pods are named after it, with five letters or digits of their own. */
const OWN_SUFFIX = /-[a-z0-9]{5}$/;

/** Whether `observation` tells that `pod` (`Pod/NAME`) is where it should be: ready to serve, or the job that it worked for complete. */
export function settles({ what, object }: ObservationRecord, pod: string): boolean {
  if (what === 'pod.ready') return object === pod;
  return what === 'job.completed' && object.replace(/^Job\//, 'Pod/') === pod.replace(OWN_SUFFIX, '');
}
