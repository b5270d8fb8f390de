import { BIND_PROGRAM_PATH, BIND_UNIT_NAME, preparedPaths, type Analysis, type PreparationUnit } from '../../analysis';
import { BINDING_TABLE_PATH } from '../../openshift';
import type { Place } from '../../source';
import { exampleFleet } from '../example';
import { unitPlace } from '../live-cluster';
import { defineRule } from '../rule';
import { MACHINE_CONFIG_OPERATOR } from '../sources';
import { enumerated, fitting } from '../words';

const FLEET = exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
devices:
  nvme: { pci: ["8086:5845"], resourceName: example.com/nvme }
nodePools:
  storage: { nodes: [node03], cpuVendor: intel, passthrough: [{ device: nvme, addresses: ["0000:5e:00.0"] }] }
`);

const policy = (path: string): string => `
apiVersion: operator.openshift.io/v1
kind: MachineConfiguration
metadata: { name: cluster }
spec:
  nodeDisruptionPolicy:
    files:
      - path: ${path}
        actions: [{ type: None }]
`;

export const changeWithoutReboot = defineRule({
  code: 'NOD437',
  slug: 'node/change-without-reboot',
  severity: 'error',
  needs: ['current'],
  concerns: ({ analysis }) =>
    analysis.units.some(({ effects, platform }) => platform === 'openshift' && preparedPaths(effects).length > 0),
  summary: 'the node disruption policy lets files of the fleet change without a reboot',
  why: `
Files of a MachineConfig take effect on devices when the node boots. Without a policy every change of them reboots the node. A node disruption
policy whose path covers them and whose actions do not reboot makes the pool report that it is updated while nothing is bound, or
something stays bound that no longer is to be, until some later reboot.`,
  sources: [
    {
      claim: 'the longest path that matches decides, a folder stands for what is in it',
      url: `${MACHINE_CONFIG_OPERATOR}/19ba3dda6e7a34fe5f15917152271191f9adb655/pkg/controller/common/helpers.go`,
    },
  ],
  examples: {
    bad: [{ name: 'nothing is to be done for /etc', yaml: FLEET, files: { 'cluster/policy.yaml': policy('«/etc»') } }],
    good: [
      { name: 'another folder', yaml: FLEET, files: { 'cluster/policy.yaml': policy('/etc/chrony.conf') } },
      {
        name: 'the unit is started anew',
        yaml: FLEET,
        files: {
          'cluster/policy.yaml': `
apiVersion: operator.openshift.io/v1
kind: MachineConfiguration
metadata: { name: cluster }
spec:
  nodeDisruptionPolicy:
    files:
      - path: /etc/hostdev/bindings
        actions: [{ type: Restart, restart: { serviceName: hostdev-vfio-bind.service } }]
`,
        },
      },
    ],
  },
  *check({ analysis }) {
    const byPolicy = new Map<Place, { readonly unit: PreparationUnit; readonly names: Set<string> }>();
    for (const unit of analysis.units) {
      for (const { name, place } of unapplied(analysis, unit)) {
        const known = byPolicy.get(place);
        if (known === undefined) byPolicy.set(place, { unit, names: new Set([name]) });
        else known.names.add(name);
      }
    }
    for (const [place, { unit, names }] of byPolicy) {
      yield {
        message: fitting(
          `the node disruption policy lets ${enumerated([...names])} change without a reboot`,
          `the node disruption policy lets ${names.size} files of the fleet change without a reboot`,
        ),
        primary: { at: place, text: 'nothing here reboots the node' },
        secondary: [{ at: unitPlace(unit), text: 'writes them' }],
        notes: ['the machine-config-operator reports the pool as updated, and devices stay as they were bound at boot'],
        help: ['narrow the path, or add an entry with `Reboot` for the files'],
      };
    }
  },
});

/** What of a unit changes without a reboot, with the policy entry that lets it. */
function unapplied(
  { current }: Analysis,
  { effects, platform }: PreparationUnit,
): { readonly name: string; readonly place: Place }[] {
  const policies = platform === 'openshift' ? (current?.disruptionPolicies ?? []) : [];
  const files = preparedPaths(effects).flatMap((path) => {
    const [closest] = policies
      .filter(({ of }) => of.kind === 'file' && covers(of.name, path))
      .sort((a, b) => b.of.name.length - a.of.name.length);
    return closest === undefined ? [] : [{ name: path, closest }];
  });
  const units =
    effects.rows.length === 0 ? [] : policies.filter(({ of }) => of.kind === 'unit' && of.name === BIND_UNIT_NAME);
  return [...files, ...units.map((closest) => ({ name: BIND_UNIT_NAME, closest }))]
    .filter(({ name, closest }) => !closest.actions.includes('Reboot') && !bindsAnew(name, closest.services))
    .map(({ name, closest }) => ({ name, place: closest.place }));
}

function covers(policyPath: string, path: string): boolean {
  return path === policyPath || path.startsWith(policyPath.endsWith('/') ? policyPath : `${policyPath}/`);
}

/** Starting the unit anew does what the boot does, for all that its program and table say. */
function bindsAnew(name: string, services: readonly string[]): boolean {
  return services.includes(BIND_UNIT_NAME) && [BIND_PROGRAM_PATH, BINDING_TABLE_PATH, BIND_UNIT_NAME].includes(name);
}
