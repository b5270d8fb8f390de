/*
 * Chart and ApiObject define Symbol.hasInstance, which subclasses inherit: `new Chart() instanceof Fleet` would be true. So
 * our classes are told apart by brands from the global symbol registry, which also holds where two copies of this package
 * are loaded.
 */

/** Marks an object as one of ours; marked on a class's prototype, all its objects are. */
export function brand(target: object, name: string): void {
  Object.defineProperty(target, brandSymbol(name), { value: true });
}

/** Whether a value carries the mark. */
export function hasBrand(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && brandSymbol(name) in value;
}

const SYMBOLS = new Map<string, symbol>();

function brandSymbol(name: string): symbol {
  let symbol = SYMBOLS.get(name);
  if (symbol === undefined) SYMBOLS.set(name, (symbol = Symbol.for(`cdk8s-hostdev.${name}`)));
  return symbol;
}
