import { EFFECTS_IN_WORDS, refusedEffects, unitInWords, type PreparationUnit } from '../../analysis';
import type { NodePlatform, NodePool } from '../../model';
import { placeAt, type Place } from '../../source';
import { exampleFleet } from '../example';
import { unitPlace } from '../live-cluster';
import { defineRule, type FleetFinding } from '../rule';
import { fitting } from '../words';

/** What only a MachineConfigPool has, with where a pool says it. */
const OF_OPENSHIFT: readonly {
  readonly path: readonly string[];
  readonly isStated: (pool: NodePool) => boolean;
}[] = [
  { path: ['machineConfigPool'], isStated: (pool) => pool.machineConfigPoolDeclared },
  { path: ['maxUnavailable'], isStated: ({ maxUnavailable }) => maxUnavailable !== undefined },
  {
    path: ['machineConfigNames', 'kernelArguments'],
    isStated: ({ machineConfigNames }) => machineConfigNames.kernelArguments !== undefined,
  },
  { path: ['machineConfigNames', 'vfio'], isStated: ({ machineConfigNames }) => machineConfigNames.vfio !== undefined },
  { path: ['performanceProfile'], isStated: ({ performanceProfile }) => performanceProfile !== undefined },
];

/** What a boot loader's own language would not keep as it is. */
const NOT_FOR_GRUB = /[^A-Za-z0-9_.,:=/@%+!-]/;

const WRITES_GRUB: ReadonlySet<NodePlatform> = new Set(['linux', 'cloud-init']);

const fleetOn = (platform: string, pool: string): string =>
  exampleFleet(`
cluster: { nodePlatform: ${platform}, kubevirt: { version: "1.6" } }
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, ${pool} }
`);

export const uncarriedEffect = defineRule({
  code: 'NOD480',
  slug: 'node/uncarried-effect',
  severity: 'error',
  needs: [],
  summary: 'a pool asks for what its node platform cannot carry',
  why: `
Each platform takes the preparation of its nodes in a form of its own. What that form has no place for would be dropped, and the node would come up
without it: nothing is dropped in silence. MachineConfigPools and PerformanceProfiles are OpenShift's; Ignition refuses a kernel argument that is listed
twice; GRUB gives \`$\`, quotes, and backslashes a meaning of their own before the kernel sees them.`,
  sources: [
    {
      claim: 'a kernel argument of Ignition is its own key',
      url: 'https://github.com/coreos/ignition/blob/v2.19.0/config/v3_3/types/kargs.go',
    },
  ],
  examples: {
    bad: [
      { name: 'a speed for nodes that nothing rolls', yaml: fleetOn('linux', 'maxUnavailable: «2»') },
      {
        name: 'virtual functions, which need a program',
        yaml: exampleFleet(`
cluster: { nodePlatform: talos, nodePlatformVersion: "1.12", kubevirt: { version: "1.6" } }
nodePools:
  «net»: { nodes: [node01], cpuVendor: intel, sriov: [{ parent: "8086:1572", numVfs: 4 }] }
`),
      },
      {
        name: 'vGPUs, which need one too',
        yaml: exampleFleet(`
cluster: { nodePlatform: talos, nodePlatformVersion: "1.12", kubevirt: { version: "1.9" } }
devices:
  l40s-4q:
    vgpu: { type: NVIDIA L40S-4Q, parent: "10de:26b9", framework: vendor-vfio }
    resourceName: nvidia.com/L40S-4Q
nodePools:
  «gpu»: { nodes: [node01], cpuVendor: intel, mediatedDevices: [{ device: l40s-4q }] }
`),
      },
      { name: 'a character that GRUB expands', yaml: fleetOn('linux', 'kernelArguments: [«memmap=4G$8G»]') },
    ],
    good: [{ name: 'what GRUB keeps as it is', yaml: fleetOn('linux', 'kernelArguments: [memmap=4G!8G]') }],
  },
  *check({ analysis }) {
    for (const unit of analysis.units) {
      if (unit.platform !== 'openshift') yield* openshiftOnly(unit);
      for (const { kind, reason } of refusedEffects(unit)) {
        yield {
          message: fitting(
            `platform ${unit.platform} cannot carry ${EFFECTS_IN_WORDS[kind]} of ${unitInWords(unit)}`,
            `platform ${unit.platform} cannot carry ${EFFECTS_IN_WORDS[kind]}`,
          ),
          primary: { at: unitPlace(unit), text: 'asks for it' },
          notes: [reason],
          help: ['leave it to somebody else, or prepare these nodes in another way'],
        };
      }
      if (unit.platform !== 'talos') yield* talosOnly(unit);
      if (WRITES_GRUB.has(unit.platform)) yield* changedByGrub(unit);
      if (unit.platform === 'ignition') yield* listedTwice(unit);
    }
  },
});

function* openshiftOnly({ platform, pools }: PreparationUnit): Iterable<FleetFinding> {
  for (const pool of pools) {
    for (const { path, isStated } of OF_OPENSHIFT) {
      if (!isStated(pool)) continue;
      const key = path.join('.');
      yield {
        message: fitting(
          `\`${key}\` of pool ${pool.name} means nothing on platform ${platform}`,
          `\`${key}\` means nothing on platform ${platform}`,
        ),
        primary: { at: placeAt(pool.place, ...path), text: 'only OpenShift has it' },
        help: ['remove it'],
      };
    }
  }
}

function* talosOnly({ platform, pools }: PreparationUnit): Iterable<FleetFinding> {
  for (const { name, place, talosSchematic } of pools) {
    if (talosSchematic === undefined) continue;
    yield {
      message: fitting(
        `\`talosSchematic\` of pool ${name} means nothing on platform ${platform}`,
        `\`talosSchematic\` means nothing on platform ${platform}`,
      ),
      primary: { at: placeAt(place, 'talosSchematic'), text: 'only Talos has it' },
      help: ['remove it'],
    };
  }
}

function* changedByGrub(unit: PreparationUnit): Iterable<FleetFinding> {
  for (const { text, place } of unit.pools.flatMap((pool) => pool.kernelArguments)) {
    // quotes and blanks are node/quoted-argument
    const found = NOT_FOR_GRUB.exec(text)?.[0];
    if (found === undefined || /["'\s]/.test(text)) continue;
    yield {
      message: fitting(
        `kernel argument \`${text}\` would not pass GRUB as it is`,
        'a kernel argument would not pass GRUB as it is',
      ),
      primary: { at: place, text: 'holds a character of GRUB’s own language' },
      notes: ['GRUB reads its configuration as a script'],
      help: ['set it by other means, or write it without such characters'],
    };
  }
}

function* listedTwice(unit: PreparationUnit): Iterable<FleetFinding> {
  const seen = new Set<string>();
  for (const { argument } of unit.effects.kernelArguments) {
    if (!seen.has(argument)) {
      seen.add(argument);
      continue;
    }
    yield {
      message: fitting(
        `kernel argument \`${argument}\` is needed twice, and Ignition takes it once`,
        'a kernel argument is needed twice, and Ignition takes it once',
      ),
      primary: { at: originOf(unit, argument), text: 'asks for it' },
      notes: ['Ignition takes each argument for a key, so that the second is an error'],
      help: ['ask for different numbers, or for one size of hugepages'],
    };
    return;
  }
}

function originOf(unit: PreparationUnit, argument: string): Place {
  const typed = unit.pools.flatMap((pool) => pool.kernelArguments).filter(({ text }) => text === argument);
  const pages = unit.pools.find(({ hugepages }) => hugepages.length > 0);
  return typed[1]?.place ?? (pages === undefined ? unitPlace(unit) : placeAt(pages.place, 'hugepages'));
}
