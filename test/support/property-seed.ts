/*
 * Properties are the same ones in every run, so that a change is judged by the change: `PROPERTY_SEED` says which others, and
 * `npm run test:properties` takes new ones each time and more of them.
 */
import fc from 'fast-check';

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env['PROPERTY_SEED'] ?? 20261122) });
