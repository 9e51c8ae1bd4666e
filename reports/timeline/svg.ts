export { element, type Attributes } from '../../helpers/svg.ts';
