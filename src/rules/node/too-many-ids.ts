import { unitInWords } from '../../analysis';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { entryPlace } from '../functions';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { counted, fitting } from '../words';

/** vfio-pci keeps the list in a buffer of 1024 bytes, one of which ends the text. */
const LONGEST_LIST = 1023;

const MANY_IDS = Array.from({ length: 103 }, (_, i) => `10de:${(0x2000 + i).toString(16)}`);

export const tooManyIds = defineRule({
  code: 'NOD410',
  slug: 'node/too-many-ids',
  severity: 'error',
  needs: [],
  summary: 'the list of ids is longer than vfio-pci takes',
  why: `
vfio-pci's parameter \`ids\` is copied into a buffer of 1024 bytes. A longer list is refused, the module does not load, and nothing at all
is bound. That is 102 ids of the plain form, for all pools that share a machine config pool.`,
  sources: [{ claim: 'the buffer', url: `${LINUX}/drivers/vfio/pci/vfio_pci.c` }],
  examples: {
    bad: [
      {
        name: '103 ids in one device',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  gpus:
    resourceName: example.com/gpu
    pci: [${MANY_IDS.map((id) => `"${id}"`).join(', ')}]
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: «gpus», binding: id }] }
`),
        files: {
          'inventory/node01.yaml': exampleInventory('node01', [
            exampleFunction('0000:65:00.0', '0302', '10de:2000', { group: 27 }),
          ]),
        },
      },
    ],
    good: [
      {
        name: 'by address there is no list',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  gpus:
    resourceName: example.com/gpu
    pci: [${MANY_IDS.map((id) => `"${id}"`).join(', ')}]
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: gpus, binding: address }] }
`),
        files: {
          'inventory/node01.yaml': exampleInventory('node01', [
            exampleFunction('0000:65:00.0', '0302', '10de:2000', { group: 27 }),
          ]),
        },
      },
    ],
  },
  *check({ analysis }) {
    for (const unit of analysis.units) {
      const { effects, strategies } = unit;
      const length = effects.ids.join(',').length;
      const last = strategies.filter(({ strategy }) => strategy === 'id').at(-1);
      if (length <= LONGEST_LIST || last === undefined) continue;
      yield {
        message: fitting(
          `the ids of ${unitInWords(unit)} have ${length} characters, vfio-pci takes ${LONGEST_LIST}`,
          `a list of ids has ${length} characters, vfio-pci takes ${LONGEST_LIST}`,
        ),
        primary: {
          at: entryPlace(last.passthrough),
          text: `${counted(effects.ids.length, 'id')} with those of this entry`,
        },
        notes: ['vfio-pci does not load with a longer list, and binds nothing'],
        help: ['set `binding: address` where there are many ids'],
      };
    }
  },
});
