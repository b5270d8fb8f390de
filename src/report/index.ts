export type { Paint } from './paint';
export { PLAIN } from './paint';
export type { Sources } from './picture';
export { renderJson } from './render-json';
export type { TextOptions } from './render-text';
export { renderText } from './render-text';
export type { PageExample, RulePage } from './rule-page';
export { renderRulePage } from './rule-page';
export { renderRulePageText } from './rule-page-text';
