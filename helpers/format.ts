/** A duration for people: `0.4 s`, `12 s`, `3 min 20 s`. `ms` in milliseconds. */
export function seconds(ms: number): string {
  const s = ms / 1000;
  if (s < 10) return `${s.toFixed(1)} s`;
  if (s < 99.5) return `${s.toFixed(0)} s`;
  const whole = Math.round(s);
  return `${String(Math.floor(whole / 60))} min ${String(whole % 60).padStart(2, '0')} s`;
}
