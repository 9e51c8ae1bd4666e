/** A duration for people: `0.4 s`, `12 s`, `3 min 20 s`. `ms` in milliseconds. */
export function seconds(ms: number): string {
  const s = ms / 1000;
  if (s < 10) return `${s.toFixed(1)} s`;
  if (s < 99.5) return `${s.toFixed(0)} s`;
  const whole = Math.round(s);
  return `${String(Math.floor(whole / 60))} min ${String(whole % 60).padStart(2, '0')} s`;
}

/** A share from 0 to 1 for people, with at most one decimal: `12.5 %`, `80 %`. */
export function percent(share: number): string {
  return `${String(Number((share * 100).toFixed(1)))} %`;
}

/** Colours of a terminal, and all characters that command one: codes, bells, going back to the start of the line, turning the order round. */
const COMMANDING =
  /\u001b\[[\d;]{0,20}m|\r(?!\n)|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Text for a terminal. Its lines and colours stay; what else of it would command the terminal becomes a visible mark, whoever wrote it. */
export function harmless(text: string): string {
  return text.replaceAll(COMMANDING, (found) => (found.length > 1 ? found : '\ufffd'));
}
