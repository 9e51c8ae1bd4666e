import type { Check } from '../types.ts';
import * as architecture from './architecture.ts';
import * as changes from './changes.ts';
import * as chartLifecycle from './chart-lifecycle.ts';
import * as chartStatic from './chart-static.ts';
import * as escalation from './escalation.ts';
import * as firstToolCall from './first-tool-call.ts';
import * as gitopsLive from './gitops-live.ts';
import * as gitopsStatic from './gitops-static.ts';
import { runbooks } from './runbooks.ts';
import * as solutionsEngineer from './solutions-engineer.ts';
import * as support from './support.ts';
import * as worker from './worker.ts';

import * as upgradeDocuments from './upgrade-documents.ts';
import * as upgrade from './upgrade.ts';
export {
  architecture,
  changes,
  chartLifecycle,
  chartStatic,
  escalation,
  firstToolCall,
  runbooks,
  solutionsEngineer,
  support,
  gitopsStatic,
  gitopsLive,
  worker,
};

/** Every check that there is, whatever standard asks for it. */
  upgrade,
  upgradeDocuments,
export const catalogue: readonly Check[] = [
  Object.values(runbooks).flat(),
  changes.everyCheck,
  chartStatic,
  chartLifecycle,
  firstToolCall,
  architecture,
  support,
  solutionsEngineer,
  escalation,
  gitopsStatic,
  gitopsLive,
  worker,
].flatMap((checks) => Object.values(checks));
  upgrade.everyCheck,
  upgradeDocuments,
