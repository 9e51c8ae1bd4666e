import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { History } from '../../../../helpers/history/history.ts';
import { describeTimeline, renderTimeline } from '../../../../reports/timeline.ts';
import { damaged, flawless, without } from '../verdict/histories.ts';

const history = flawless.get('first-tool-call') ?? new History([]);

test.describe('timeline', { tag: '@static' }, () => {
  test('should draw the same history the same way', () => {
    expect(renderTimeline(history)).toBe(renderTimeline(history));
  });

  test('should say in words what it draws', () => {
    const words = describeTimeline(history);
    expect(words).toContain('first-tool-call on contextforge, 39.4 s in all.');
    expect(words).toContain('- install.gateway: 31.4 s');
    expect(words).toContain('- contextforge-migrate-1-4f2vx: complete after 15.0 s');
    expect(words).toContain('- tools/call tools-echo: 10 of 10 served, first in 64 ms');
    expect(renderTimeline(history)).toContain(`<desc id="desc">${words}</desc>`);
  });

  test('should tell of a failed step and of a pod that never got ready', () => {
    const step = {
      type: 'step',
      id: 'install.x',
      title: 'Install',
      start: 5,
      end: 1005,
      ok: false,
      error: 'timed out',
    } as const;
    const scheduled = { type: 'observation', at: 10, what: 'pod.scheduled', object: 'Pod/slow' } as const;
    const words = describeTimeline(new History([step, scheduled]));
    expect(words).toContain('- install.x: failed after 1.0 s');
    expect(words).toContain('- slow: not ready');
  });

  test('should draw what there is when nothing or next to nothing was recorded', () => {
    expect(renderTimeline(new History([]))).toContain('Nothing was recorded.');
    const cut = damaged(
      history,
      without(({ type }) => type === 'step' || type === 'call'),
    );
    expect(renderTimeline(cut)).toContain('Pods');
  });

  test('should keep every bar inside the plot', () => {
    const moment = fc.integer({ min: 0, max: 10_000_000 });
    fc.assert(
      fc.property(fc.array(fc.tuple(moment, moment)), (intervals) => {
        const steps = intervals.map(
          ([start, length]) => ({ type: 'step', id: 's', title: 's', start, end: start + length, ok: true }) as const,
        );
        const bars = renderTimeline(new History(steps)).matchAll(
          /<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="12" rx="2" class="step"><title>/g,
        );
        const all = [...bars];
        expect(all).toHaveLength(steps.length);
        for (const [, x, width] of all) {
          expect(Number(x)).toBeGreaterThanOrEqual(290);
          expect(Number(x) + Number(width)).toBeLessThanOrEqual(885.01);
        }
      }),
    );
  });

  test('should be well-formed whatever names come from outside', () => {
    const anything = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(
      fc.property(anything, anything, (name, error) => {
        const svg = renderTimeline(
          new History([
            { type: 'begin', at: 0, experiment: name, target: `<script>${error}`, run: 'r' },
            { type: 'step', id: name, title: `</title>"'&${error}`, start: 1, end: 2, ok: false, error },
            { type: 'observation', at: 1, what: 'pod.scheduled', object: `Pod/${name}<img>` },
          ]),
        );
        expect(svg).not.toMatch(/<(?!\/?(svg|title|desc|style|rect|text|g|line)\b)/);
        expect(svg).not.toMatch(/&(?!(amp|lt|gt|quot);)|[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
      }),
    );
  });
});
