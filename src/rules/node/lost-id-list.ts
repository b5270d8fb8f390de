import type { PciId } from '../../model';
import { replacedIdSources, vfioIdSources, type VfioIdSource } from '../../openshift';
import { exampleFileSpec, exampleMachineConfig } from '../example';
import { configPools } from '../machine-configs';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { counted, fitting, fittingLabel, listed } from '../words';

const vfio = (name: string, role: string, ids: string, file = '/etc/modprobe.d/vfio.conf'): string =>
  exampleMachineConfig(name, exampleFileSpec(file, `data:,options%20vfio-pci%20ids=${ids}%0A`), role).replace(
    /source: "([^"]*)" /,
    name.startsWith('90') ? 'source: «"$1"» ' : 'source: "$1" ',
  );

export const lostIdList = defineRule({
  code: 'NOD450',
  slug: 'node/lost-id-list',
  severity: 'error',
  needs: [],
  manifests: [],
  manifestsOnly: true,
  summary: 'a list of ids for vfio-pci is replaced by another one',
  why: `
Lists of ids never add up. Of several files in /etc/modprobe.d and several \`vfio-pci.ids=\` arguments the module gets all and keeps the last; of
one file in two MachineConfigs the later one is written. A custom pool inherits what \`worker\` gets, so a list of its own takes the place of that one: the
devices of the other list stay with the drivers of the host.`,
  sources: [
    { claim: 'the last value of the parameter counts', url: `${LINUX}/kernel/params.c` },
    { claim: 'the parameter', url: `${LINUX}/drivers/vfio/pci/vfio_pci.c` },
  ],
  examples: {
    bad: [
      {
        name: 'two files',
        reads: 'manifests',
        yaml: `${vfio('90-worker-qat', 'worker', '8086:6f54', '/etc/modprobe.d/qat.conf')}${vfio('95-worker-gpu', 'worker', '10de:1eb8')}`,
      },
      {
        name: 'a custom pool writes the file of worker again',
        reads: 'manifests',
        yaml: `${vfio('90-worker-vfio', 'worker', '8086:6f54')}${vfio('95-gpu-vfio', 'gpu', '10de:1eb8')}`,
      },
    ],
    good: [
      {
        name: 'one list of both',
        reads: 'manifests',
        yaml: `${vfio('95-worker-vfio', 'worker', '8086:6f54')}${vfio('95-gpu-vfio', 'gpu', '8086:6f54,10de:1eb8')}`,
      },
    ],
  },
  *check({ fleet }) {
    const said = new Set<VfioIdSource['place']>();
    for (const pool of configPools(fleet)) {
      const sources = vfioIdSources(pool);
      const last = sources.at(-1);
      if (last === undefined) continue;
      for (const source of [...replacedIdSources(pool), ...sources.slice(0, -1)]) {
        const lost = source.ids.filter((id: PciId) => !last.ids.includes(id));
        if (lost.length === 0 || said.has(source.place)) continue;
        said.add(source.place);
        yield {
          message: fitting(
            `${listed(lost)} ${lost.length === 1 ? 'is' : 'are'} not bound in machine config pool ${pool.name}`,
            `${counted(lost.length, 'id')} of a list ${lost.length === 1 ? 'is' : 'are'} not bound in pool ${pool.name}`,
            'ids of a list are not bound: another list takes its place',
          ),
          primary: { at: source.place, text: 'this list does nothing there' },
          secondary: [{ at: last.place, text: fittingLabel(`this one counts, in ${last.from}`, 'this one counts') }],
          notes: ['vfio-pci keeps the last list that it is given'],
          help: ['put all ids into one list of the pool'],
        };
      }
    }
  },
});
