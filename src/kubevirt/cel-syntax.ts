/*
 * Reads a condition of a claim as the API server does, as far as its grammar goes: nothing is evaluated, and of types only that of the
 * whole is told where its last operator shows it.
 * @see https://github.com/google/cel-go/blob/v0.26.0/parser/gen/CEL.g4 (the grammar rules)
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.2/staging/src/k8s.io/dynamic-resource-allocation/cel/compile.go
 * (a condition comes to a bool; what a device has)
 */
import { celTokens, type CelStray, type CelToken } from './cel-tokens';

/** Why the API server refuses a condition. */
export interface CelComplaint {
  /** Where in the text, counted from 0. */
  readonly offset: number;
  /** `a text without an end` */
  readonly what: string;
}

/** What an expression comes to: `open` is what its form does not tell. */
type Result = 'bool' | 'other' | 'open';

/** Words that name nothing. */
const RESERVED: ReadonlySet<string> = new Set(
  'as break const continue else for function if import let loop package namespace return var void while in'.split(' '),
);
const LITERALS: ReadonlySet<string> = new Set(['true', 'false', 'null']);
const DEVICE_FIELDS: ReadonlySet<string> = new Set(['driver', 'attributes', 'capacity', 'allowMultipleAllocations']);
const RELATIONS: ReadonlySet<string> = new Set(['<', '<=', '>=', '>', '==', '!=', 'in']);
/** The API server's own limit is higher, and what is nested deeper is not looked at. */
const DEEPEST = 100;

/** Ends the reading at the first thing that is wrong; undefined: too deep to be read here. */
class Stop extends Error {
  readonly complaint: CelComplaint | undefined;

  constructor(complaint: CelComplaint | undefined) {
    super(complaint?.what);
    this.complaint = complaint;
  }
}

/** What is wrong with a condition; undefined: nothing that its form tells. */
export function celComplaint(text: string): CelComplaint | undefined {
  const tokens = celTokens(text);
  if (!Array.isArray(tokens)) return tokens as CelStray;
  const words = tokens as readonly CelToken[];
  if (words.length === 1) return { offset: 0, what: 'nothing' };
  const reader = new Reader(words);
  try {
    const result = reader.expression();
    reader.end();
    return result === 'other' ? { offset: 0, what: 'a value that is not a bool' } : undefined;
  } catch (stop) {
    if (stop instanceof Stop) return stop.complaint;
    throw stop;
  }
}

class Reader {
  private readonly tokens: readonly CelToken[];
  /** Whether `device` may be the name of something else, as in `list.all(device, …)`. */
  private readonly mayShadow: boolean;
  private at = 0;
  private depth = 0;

  constructor(tokens: readonly CelToken[]) {
    this.tokens = tokens;
    this.mayShadow = tokens.some(({ text }, i) => text === 'device' && tokens[i + 1]?.text === ',');
  }

  expression(): Result {
    if (++this.depth > DEEPEST) throw new Stop(undefined);
    let result = this.either();
    if (this.takes('?')) {
      const first = this.either();
      this.needs(':');
      const second = this.expression();
      result = first === second ? first : 'open';
    }
    this.depth--;
    return result;
  }

  end(): void {
    if (this.now.kind !== 'end') this.refuse(`\`${this.now.text}\` where an operator belongs`);
  }

  private either(): Result {
    return this.chain(['||'], () => this.both(), 'bool');
  }

  private both(): Result {
    return this.chain(['&&'], () => this.relation(), 'bool');
  }

  private relation(): Result {
    return this.chain(RELATIONS, () => this.sum(), 'bool');
  }

  private sum(): Result {
    return this.chain(['+', '-', '*', '/', '%'], () => this.unary(), 'other');
  }

  private chain(operators: Iterable<string>, operand: () => Result, result: Result): Result {
    const among = new Set(operators);
    let all = operand();
    while (this.now.kind !== 'string' && among.has(this.now.text)) {
      this.at++;
      operand();
      all = result;
    }
    return all;
  }

  private unary(): Result {
    for (const [sign, result] of [
      ['!', 'bool'],
      ['-', 'other'],
    ] as const) {
      if (!this.takes(sign)) continue;
      while (this.takes(sign));
      this.member();
      return result;
    }
    return this.member();
  }

  private member(): Result {
    const isDevice = this.now.text === 'device' && this.now.kind === 'name' && !this.mayShadow;
    let result = this.primary();
    for (let step = 0; ; step++) {
      if (this.takes('.')) {
        const isOptional = this.takes('?');
        const name = this.now;
        if (name.kind !== 'name' && name.kind !== 'quoted') this.refuse('no name behind a full stop');
        this.at++;
        const isCall = !isOptional && name.kind === 'name' && this.takes('(');
        if (isCall) this.arguments();
        else if (isDevice && step === 0 && !DEVICE_FIELDS.has(name.text))
          throw new Stop({ offset: name.offset, what: `\`${name.text}\`, which no device has` });
        const isKnown = isDevice && step === 0 && !isCall && name.text !== 'allowMultipleAllocations';
        result = isKnown ? 'other' : 'open';
      } else if (this.takes('[')) {
        this.takes('?');
        this.expression();
        this.needs(']');
        result = 'open';
      } else if (this.now.text === '{' && this.now.kind === 'operator' && result === 'open') {
        this.at++;
        this.entries(false);
        result = 'open';
      } else return result;
    }
  }

  private primary(): Result {
    const hasDot = this.takes('.');
    const token = this.now;
    if (!hasDot) {
      if (token.kind === 'string' || token.kind === 'number') return this.literal('other');
      if (token.kind === 'name' && LITERALS.has(token.text))
        return this.literal(token.text === 'null' ? 'other' : 'bool');
      if (this.takes('(')) {
        const result = this.expression();
        this.needs(')');
        return result;
      }
      if (this.takes('[')) {
        while (!this.takes(']')) {
          this.takes('?');
          this.expression();
          if (!this.takes(',') && this.now.text !== ']') this.refuse('a list without `]`');
        }
        return 'other';
      }
      if (this.takes('{')) return this.entries(true);
    }
    if (token.kind !== 'name' || RESERVED.has(token.text)) this.refuse(this.unexpected());
    this.at++;
    if (this.takes('(')) this.arguments();
    return 'open';
  }

  private literal(result: Result): Result {
    this.at++;
    return result;
  }

  private arguments(): void {
    if (this.takes(')')) return;
    do this.expression();
    while (this.takes(','));
    this.needs(')');
  }

  /** Entries of a map, whose keys are expressions, or of a message, whose keys are names. */
  private entries(isMap: boolean): Result {
    while (!this.takes('}')) {
      this.takes('?');
      if (isMap) this.expression();
      else if (this.now.kind === 'name' || this.now.kind === 'quoted') this.at++;
      else this.refuse(this.unexpected());
      this.needs(':');
      this.expression();
      if (!this.takes(',') && this.now.text !== '}') this.refuse('a map without `}`');
    }
    return 'other';
  }

  private get now(): CelToken {
    return this.tokens[this.at] ?? { kind: 'end', text: '', offset: 0 };
  }

  private takes(operator: string): boolean {
    if (this.now.kind !== 'operator' || this.now.text !== operator) return false;
    this.at++;
    return true;
  }

  private needs(operator: string): void {
    if (!this.takes(operator)) this.refuse(`no \`${operator}\``);
  }

  private unexpected(): string {
    return this.now.kind === 'end' ? 'an end where a value belongs' : `\`${this.now.text}\` where a value belongs`;
  }

  private refuse(what: string): never {
    throw new Stop({ offset: this.now.offset, what });
  }
}
