export { acknowledgementFindings } from './acknowledgement-findings';
export { unacknowledgeableRule } from './unacknowledgeable-rule';
export { unknownRule } from './unknown-rule';
export { withoutFinding } from './without-finding';
