export type { AppFleet } from './app-result';
export { formatAppResult, parseAppResult, RESULT_VARIABLE } from './app-result';
export { PROBLEMS } from './catalogue';
export type { Compilation, CompileInput } from './compile-fleet';
export { compileFleet, locateDiagnostic } from './compile-fleet';
export type { FleetOutputs } from './outputs';
export { assembleOutputs, renderOutputs } from './outputs';
export { SourceSet } from './source-set';
