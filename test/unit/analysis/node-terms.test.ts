import { meetsNodeSelector, meetsNodeTerms, requiredNodeTerms, type NodeFacts } from '../../../src/analysis/node-terms';
import type { JsonObject } from '../../../src/model';

const NODE: NodeFacts = {
  name: 'node01',
  labels: { zone: 'a', generation: '7', text: 'seven' },
  isAbsent: (key) => key !== 'unseen',
};

const expression = (key: string, operator: string, values?: string[]): JsonObject => ({
  matchExpressions: [{ key, operator, ...(values === undefined ? {} : { values }) }],
});

test.each<[JsonObject, boolean | undefined]>([
  [expression('zone', 'In', ['a', 'b']), true],
  [expression('zone', 'In', ['b']), false],
  [expression('gone', 'In', ['b']), false],
  [expression('unseen', 'In', ['b']), undefined],
  [expression('zone', 'NotIn', ['a']), false],
  [expression('gone', 'NotIn', ['a']), true],
  [expression('unseen', 'NotIn', ['a']), undefined],
  [expression('zone', 'Exists'), true],
  [expression('gone', 'Exists'), false],
  [expression('constructor', 'Exists'), false],
  [expression('zone', 'DoesNotExist'), false],
  [expression('gone', 'DoesNotExist'), true],
  [expression('unseen', 'DoesNotExist'), undefined],
  [expression('generation', 'Gt', ['6']), true],
  [expression('generation', 'Gt', ['7']), false],
  [expression('generation', 'Lt', ['10']), true],
  [expression('text', 'Gt', ['1']), false],
  [expression('generation', 'Gt', ['six']), undefined],
  [expression('zone', 'Near', ['a']), undefined],
  [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node01'] }] }, true],
  [{ matchFields: [{ key: 'metadata.name', operator: 'NotIn', values: ['node01'] }] }, false],
  [{ matchFields: [{ key: 'metadata.uid', operator: 'In', values: ['node01'] }] }, undefined],
  [{}, false],
  [
    {
      matchExpressions: [
        { key: 'unseen', operator: 'Exists' },
        { key: 'zone', operator: 'In', values: ['b'] },
      ],
    },
    false,
  ],
])('%j holds of the node: %s', (term, expected) => {
  expect(meetsNodeTerms(NODE, [term])).toBe(expected);
});

test('one term of several is enough, and none is never', () => {
  expect(meetsNodeTerms(NODE, [expression('zone', 'In', ['b']), expression('zone', 'Exists')])).toBe(true);
  expect(meetsNodeTerms(NODE, [expression('zone', 'In', ['b']), expression('unseen', 'Exists')])).toBeUndefined();
  expect(meetsNodeTerms(NODE, [])).toBe(false);
});

test('a node selector holds where every label does', () => {
  expect(meetsNodeSelector(NODE, { zone: 'a', generation: '7' })).toBe(true);
  expect(meetsNodeSelector(NODE, { zone: 'a', unseen: 'x' })).toBeUndefined();
  expect(meetsNodeSelector(NODE, { gone: '' })).toBe(false);
});

test.each<[JsonObject, number | undefined]>([
  [{}, undefined],
  [{ affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } } }, undefined],
  [{ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: {} } } }, 0],
  [{ affinity: 7 }, undefined],
])('%j has required terms: %s', (spec, count) => {
  expect(requiredNodeTerms(spec)?.length).toBe(count);
});
