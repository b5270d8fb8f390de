export type { Diagnostic, Fix, Label, Report, Severity } from './diagnostics';
export type {
  CpuVendor,
  JsonObject,
  JsonValue,
  MediatedDeviceCreator,
  NodePlatform,
  OperatorName,
  Taint,
} from './model';
export type { Span } from './source';
export * from './constructs';
