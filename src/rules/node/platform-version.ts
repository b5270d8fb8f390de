import { TALOS_SINCE, talosIsAtLeast } from '../../analysis';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { unitPlace } from '../live-cluster';
import { defineRule } from '../rule';
import { fitting } from '../words';

const fleetWith = (cluster: string): string =>
  exampleFleet(`
cluster: { ${cluster}, kubevirt: { version: "1.6" } }
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, kernelArguments: [quiet] }
`);

export const platformVersion = defineRule({
  code: 'NOD482',
  slug: 'node/platform-version',
  severity: 'error',
  needs: [],
  summary: 'the release of Talos is not stated, or has no document that binds by address',
  why: `
Talos refuses a machine configuration whole when it holds a document that its release does not know. PCIDriverRebindConfig is there from 1.10 on;
KernelModuleConfig from 1.14 on, in place of \`machine.kernel.modules\`. Which of them are written has to be decided from the release.`,
  sources: [
    {
      claim: 'the document that binds by address',
      url: 'https://github.com/siderolabs/talos/blob/v1.10.0/pkg/machinery/config/types/hardware/pci_driver_rebind_config.go',
    },
  ],
  examples: {
    bad: [{ name: 'no release', yaml: fleetWith('nodePlatform: «talos»') }],
    good: [{ name: 'a release', yaml: fleetWith('nodePlatform: talos, nodePlatformVersion: "1.12"') }],
  },
  *check({ fleet, analysis }) {
    let isSaid = false;
    for (const unit of analysis.units) {
      if (unit.platform !== 'talos') continue;
      const [pool] = unit.pools;
      if (unit.platformVersion === undefined) {
        // one line in the fleet is missing, however many pools go without it
        if (isSaid || pool === undefined) continue;
        isSaid = true;
        const isOfCluster = fleet.cluster.nodePlatform === 'talos';
        yield {
          message: 'the release of Talos is not stated',
          primary: {
            at: placeAt(isOfCluster ? fleet.cluster.place : pool.place, 'nodePlatform'),
            text: 'needs `nodePlatformVersion`',
          },
          notes: ['Talos refuses a configuration with a document that its release does not know'],
          help: ['add `nodePlatformVersion`, for example `"1.12"`'],
        };
      } else if (unit.effects.rows.length > 0 && talosIsAtLeast(unit.platformVersion, TALOS_SINCE.rebind) === false) {
        yield {
          message: fitting(
            `Talos ${unit.platformVersion} cannot bind functions of pool ${unit.name} by address`,
            `Talos ${unit.platformVersion} cannot bind functions by address`,
          ),
          primary: { at: unitPlace(unit), text: 'binds by address' },
          notes: [`PCIDriverRebindConfig is there from Talos ${TALOS_SINCE.rebind} on`],
          help: ['upgrade Talos, or write `binding: id` where every such function may be taken'],
        };
      }
    }
  },
});
