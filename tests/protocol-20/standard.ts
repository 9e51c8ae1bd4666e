import { protocolEvidence } from '../../helpers/evidence/protocol-20.ts';
import type { Standard } from '../../helpers/verdict/types.ts';
import { scorecard } from './scorecard.ts';
import { sections } from './sections.ts';

const standard: Standard = {
  id: 'protocol-20',
  title: 'Protocol 20: AI Model Deployment & Serving',
  targetKinds: ['Model'],
  items: sections.flatMap(({ items }) => items),
  scorecard,
  evidence: protocolEvidence,
};

export default standard;
