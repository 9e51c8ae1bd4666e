import { test } from '../../../fixtures/test.ts';

test('Gate 1: Model package validated and tested', { tag: '@full' }, async ({ experiment, judge }) => {
  await experiment('model.package');
  await judge('gate-1-package');
});
