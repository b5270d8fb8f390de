import { liveConfiguration, type AnalysedMachine, type AnalysedRequest } from '../../analysis';
import type { Fix } from '../../diagnostics';
import { nearestName } from '../../kubevirt';
import { groupBy, type NodePool } from '../../model';
import { placeAt, type Place } from '../../source';
import { exampleFleet } from '../example';
import { permittedNames, turnedOffEntry } from '../live-kubevirt';
import { moreMachines, requestPlace } from '../machines';
import { shapeCases } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

/** More edits than this are no fix that anybody reads. */
const MOST_EDITS = 20;

export const unknownDevice = defineRule({
  code: 'VMI301',
  slug: 'vm/unknown-device',
  severity: 'error',
  needs: [],
  absentFrom: ['devices', 'nodePools'],
  manifests: ['kubevirt'],
  summary: 'a VM asks for a device that the fleet does not declare',
  why: `
KubeVirt accepts the VM and looks at \`deviceName\` when it renders the pod: a name that no entry of \`permittedHostDevices\` has is refused
there, with \`Synchronized=False\`, reason \`FailedCreate\`, "is not permitted in permittedHostDevices configuration". With no
\`permittedHostDevices\` at all nothing is checked, and the pod stays Pending for a resource that no node has.`,
  sources: [
    {
      claim: 'the name must be in the list when the pod is rendered',
      url: `${KUBEVIRT}/pkg/virt-controller/services/renderresources.go#L493-L543`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'a near miss',
        yaml: exampleFleet(`
devices:
  tesla-t4: { pci: ["10de:1eb8"], resourceName: example.com/t4, externalResourceProvider: true }
virtualMachines:
  train-7:
    gpus: [{ name: gpu1, device: «tesla-t5» }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
      },
      {
        name: 'a resource name in the spec that no device has',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/TU104GL_TESLA_T4, externalResourceProvider: true }
virtualMachines:
  train-7:
    spec:
      domain:
        devices: { gpus: [{ name: gpu1, deviceName: «nvidia.com/TU104GL_Tesla_T4» }] }
        memory: { guest: 4Gi }
`),
      },
      {
        name: 'a device that HyperConverged turns off',
        reads: 'manifests',
        yaml: `
apiVersion: hco.kubevirt.io/v1beta1
kind: HyperConverged
metadata: { name: kubevirt-hyperconverged, namespace: kubevirt-hyperconverged }
spec:
  permittedHostDevices:
    pciHostDevices: [{ pciDeviceSelector: "10de:1eb8", resourceName: example.com/t4, disabled: true }]
---
apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata: { name: train-7, namespace: ml }
spec:
  runStrategy: Always
  template:
    spec:
      evictionStrategy: None
      domain:
        devices: { gpus: [{ name: gpu1, deviceName: «example.com/t4» }] }
        memory: { guest: 4Gi }
`,
      },
    ],
    good: [
      {
        name: 'the declared device',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4, externalResourceProvider: true }
virtualMachines:
  train-7:
    gpus: [{ name: gpu1, device: t4 }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
      },
    ],
  },
  *check({ fleet, analysis }) {
    const live = permittedNames(liveConfiguration(fleet));
    const named = new Set(fleet.nodePools.flatMap(namedDevices));
    const unknown = shapeCases(analysis, (machine) =>
      machine.requests.flatMap((asked) => {
        const { device, deviceName } = asked.request;
        if (asked.resource !== undefined || (device === undefined && deviceName === undefined)) return [];
        // a pool that names it too is node/unknown-device, and the cure is the same
        const isSaid = device === undefined ? live.has(deviceName ?? '') : named.has(device);
        return isSaid ? [] : [{ machine, asked }];
      }),
    );
    const byName = groupBy(unknown, ({ asked: { request } }) => `${request.device ?? ''}\n${request.deviceName ?? ''}`);
    for (const uses of byName.values()) {
      const [first] = uses;
      if (first === undefined) continue;
      const { device, deviceName = '' } = first.asked.request;
      const name = device ?? deviceName;
      const turnedOff = device === undefined ? turnedOffEntry(fleet, deviceName) : undefined;
      if (turnedOff !== undefined) {
        yield {
          message: fitting(
            `\`deviceName\` ${name} of VM ${first.machine.machine.id} is not a permitted host device`,
            `\`deviceName\` ${name} is not permitted`,
            'a VM asks for a device that is turned off',
          ),
          primary: { at: requestPlace(first.asked), text: 'the entry of this name is turned off' },
          secondary: [{ at: placeAt(turnedOff.place, 'disabled'), text: 'keeps it from KubeVirt' }],
          notes: moreMachines(uses.map(({ machine }) => machine)),
          help: ['remove `disabled`, or the device from the VM'],
        };
        continue;
      }
      const nearest =
        device === undefined
          ? nearestName(
              name,
              analysis.resources.flatMap((resource) => resource.name ?? []),
            )
          : nearestName(name, analysis.deviceByName.keys());
      const near = analysis.resources.find((resource) =>
        device === undefined ? resource.name === nearest : resource.device.name === nearest,
      );
      yield {
        message: fitting(
          device === undefined
            ? `\`deviceName\` ${name} of VM ${first.machine.machine.id} is not a permitted host device`
            : `VM ${first.machine.machine.id} asks for device ${name}, which is not declared`,
          device === undefined ? `\`deviceName\` ${name} is not permitted` : `device ${name} is not declared`,
          'a VM asks for a device that is not declared',
        ),
        primary: {
          at: requestPlace(first.asked),
          text: device === undefined ? 'no device has this resource name' : 'no device has this name',
        },
        secondary:
          near === undefined
            ? []
            : [
                device === undefined
                  ? { at: placeAt(near.device.place, 'resourceName'), text: 'a device has a similar resource name' }
                  : { at: near.device.place, text: 'a device has a similar name' },
              ],
        notes: moreMachines(uses.map(({ machine }) => machine)),
        help:
          nearest !== undefined
            ? []
            : [
                fleet.origin === 'manifests'
                  ? 'add the name to `permittedHostDevices`, or correct it'
                  : 'declare the device under `devices`',
              ],
        fixes: fixesTo(nearest, uses),
      };
    }
  },
});

function namedDevices({ passthrough, mediatedDevices, usb }: NodePool): string[] {
  return [...passthrough, ...mediatedDevices, ...usb].map(({ device }) => device);
}

function fixesTo(
  nearest: string | undefined,
  uses: readonly { readonly machine: AnalysedMachine; readonly asked: AnalysedRequest }[],
): Fix<Place>[] {
  if (nearest === undefined || uses.length > MOST_EDITS) return [];
  const edits = uses.map(({ asked }) => ({ at: requestPlace(asked), text: nearest }));
  return [{ title: 'use the declared name', safe: false, edits }];
}
