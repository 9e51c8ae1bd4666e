import type { Check } from '../types.ts';
import * as chartLifecycle from './chart-lifecycle.ts';
import * as chartStatic from './chart-static.ts';
import * as firstToolCall from './first-tool-call.ts';

export { chartLifecycle, chartStatic, firstToolCall };

/** Every check that there is, whatever standard asks for it. */
export const catalogue: readonly Check[] = [chartStatic, chartLifecycle, firstToolCall].flatMap((checks) =>
  Object.values(checks),
);
