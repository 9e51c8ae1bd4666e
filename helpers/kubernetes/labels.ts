/** Labels and annotations by which the suite knows its own objects again. */
export const labels = {
  run: 'seatrial.dev/run',
  test: 'seatrial.dev/test',
  owner: 'seatrial.dev/owner',
} as const;

export const annotations = {
  /** For people. */
  host: 'seatrial.dev/host',
  /** Which machine, boot and pid namespace: only there does the pid mean the owner. */
  machine: 'seatrial.dev/machine',
  pid: 'seatrial.dev/pid',
  /** When the owner's process started, so that a reused pid is not taken for it. */
  started: 'seatrial.dev/process-started',
  /** ISO 8601: from then on the object counts as left behind, wherever its owner ran. */
  expires: 'seatrial.dev/expires',
} as const;

/** A label value from any text: at most 63 characters, letters and digits at both ends, `-_.` between. */
export function labelValue(text: string): string {
  return text
    .replaceAll(/[^A-Za-z0-9_.-]+/g, '-')
    .slice(0, 63)
    .replaceAll(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
}
