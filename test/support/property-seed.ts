/*
 * Properties are the same ones in every run, so that a change is judged by the change: `PROPERTY_SEED` says which others, and
 * `npm run test:properties` takes new ones each time and more of them.
 */

// when a suite asks for it: most have no properties, and loading it takes longer than many of them
jest.doMock('fast-check', () => {
  const fc = jest.requireActual<typeof import('fast-check')>('fast-check');
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env['PROPERTY_SEED'] ?? 20261122) });
  return fc;
});

export {};
