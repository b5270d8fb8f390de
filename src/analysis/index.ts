export type * from './analysis';
export type { BindingRow, Effects, KernelArgumentEffect, RowScope } from './effects';
