export type { Diagnostic, Fix, Label, Report, Severity } from './diagnostics';
export type { HyperConvergedApiVersion } from './kubevirt';
export type {
  ConfigurationOwner,
  CpuVendor,
  JsonObject,
  JsonValue,
  MediatedDeviceCreator,
  NodePlatform,
  OperatorName,
  Taint,
  VgpuFramework,
  VirtualFunctionCreator,
} from './model';
export type { Span } from './source';
export * from './constructs';
