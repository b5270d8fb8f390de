import type { Report } from '../diagnostics';
import { brand, hasBrand } from './brand';

/** A fleet has findings at error level: nothing is rendered or written. The message is the rendered report. */
export class InvalidFleetError extends Error {
  /** Everything that was found, not only the errors. */
  readonly report: Report;

  /** Takes the report and its text. */
  constructor(report: Report, text: string) {
    super(text);
    this.name = 'InvalidFleetError';
    this.report = report;
    brand(this, 'InvalidFleetError');
  }

  /** Whether a value is such an error, also one of another loaded copy of this package. */
  static isInvalidFleetError(value: unknown): value is InvalidFleetError {
    return hasBrand(value, 'InvalidFleetError');
  }
}
