import type { Problem } from '../diagnostics';

const API_SOURCES = [
  {
    claim: 'the API server refuses or drops fields that the served version does not know',
    url: 'https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation',
  },
];

/** What can be wrong with an object against the API of the version that it is written for. */
export const API_PROBLEMS = {
  unknownField: {
    code: 'API101',
    slug: 'api/unknown-field',
    severity: 'error',
    summary: 'the target version knows no such field',
    why: 'With strict field validation the API server refuses the object; without it the field is dropped in silence, and what it asks for never happens.',
    sources: API_SOURCES,
  },
  missingField: {
    code: 'API102',
    slug: 'api/missing-field',
    severity: 'error',
    summary: 'the target version requires a field that is not there',
    why: 'The API server refuses an object without a required field.',
    sources: API_SOURCES,
  },
  wrongValue: {
    code: 'API103',
    slug: 'api/wrong-type',
    severity: 'error',
    summary: 'a value is not of the type that the target version takes',
    why: 'The API server refuses an object whose value has another type, or is none of those that the field takes.',
    sources: API_SOURCES,
  },
  patched: {
    code: 'API190',
    slug: 'api/patched-outside-the-model',
    severity: 'info',
    summary: 'an object was patched after it was compiled',
    why: 'A JSON patch on an object (`addJsonPatch`) is applied after the analysis. The object is validated again, but no rule knows what the patch means: predictions are made from the model, not from the patched object.',
    sources: [
      {
        claim: 'cdk8s applies JSON patches when an object is rendered',
        url: 'https://github.com/cdk8s-team/cdk8s-core/blob/3c857de2/src/api-object.ts',
      },
    ],
  },
} as const satisfies Record<string, Problem>;
