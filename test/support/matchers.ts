import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- the only way to add a matcher to @types/jest
  namespace jest {
    interface Matchers<R> {
      /** Compares a text with `test/golden/NAME`; writes that file only under `UPDATE_GOLDEN=1`. */
      toMatchGolden(name: string): R;
    }
  }
}

const GOLDEN = join(__dirname, '..', 'golden');

expect.extend({
  toMatchGolden(received: string, name: string) {
    const file = join(GOLDEN, name);
    if (process.env['UPDATE_GOLDEN'] === '1') {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, received);
      return { pass: true, message: () => '' };
    }
    const expected = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
    return {
      pass: received === expected,
      message: () =>
        expected === undefined
          ? `test/golden/${name} does not exist; UPDATE_GOLDEN=1 writes it. The text is:\n${received}`
          : `test/golden/${name} differs:\n${this.utils.printDiffOrStringify(expected, received, 'golden', 'received', true)}`,
    };
  },
});
