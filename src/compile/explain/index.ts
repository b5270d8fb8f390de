export type { ExplainAnswer, ExplainInput } from './explain';
export { explain } from './explain';
