import type { AnalysedNode, Resource } from '../../analysis';
import { BUILTIN_SOCKETS, mediatedSocketName, nvidiaPluginSocketName, nvidiaVgpuResourceName } from '../../kubevirt';
import { groupBy, resourceNameProblem } from '../../model';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { defineRule, type FleetFinding, type RuleInput } from '../rule';
import { KUBEVIRT, NVIDIA_PLUGIN } from '../sources';
import { fitting, fittingLabel, nodesInWords } from '../words';

export const collidingSocket = defineRule({
  code: 'RES605',
  slug: 'resource/colliding-socket',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'two device plugins of a node listen on one socket',
  why: `
KubeVirt names the socket of a mediated device's plugin by what follows the slash, so two domains with one name share it, a device called
\`kvm\` shares the one of KVM itself, and NVIDIA's plugin names its sockets in the same way. Before it listens a plugin removes the
socket that is there; the other sees that and starts again, for ever. kubelet may talk to the wrong one. NVIDIA's plugin also serves every
mediated device that it finds on its node.`,
  sources: [
    { claim: 'how sockets are named', url: `${KUBEVIRT}/pkg/virt-handler/device-manager/mediated_device.go` },
    {
      claim: 'a plugin removes the socket that is there',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/device_plugin_base.go`,
    },
    {
      claim: "NVIDIA's plugin serves mediated devices and names sockets likewise",
      url: `${NVIDIA_PLUGIN}/pkg/device_plugin/device_plugin.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'one name in two domains',
        yaml: exampleFleet(`
devices:
  a: { mdev: { name: GRID T4-1Q }, resourceName: nvidia.com/small }
  b: { mdev: { name: GRID P4-1Q }, resourceName: «example.com/small» }
nodePools:
  vgpu: { nodes: [node01], cpuVendor: intel, mediatedDevices: [{ device: a }, { device: b }] }
`),
      },
      {
        name: "NVIDIA's plugin on a node with KubeVirt's mediated devices",
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/TU104GL_TESLA_T4, externalResourceProvider: true, devicePlugin: nvidia }
  p4-1q: { mdev: { name: GRID P4-1Q, parent: "10de:1bb3" }, resourceName: «nvidia.com/GRID_P4-1Q» }
nodePools:
  gpu:
    nodes: [node01]
    cpuVendor: intel
    passthrough: [{ device: t4 }]
    mediatedDevices: [{ device: p4-1q }]
`),
      },
      {
        name: "KubeVirt's own socket",
        yaml: exampleFleet(`
devices:
  a: { mdev: { name: GRID T4-1Q }, resourceName: «example.com/kvm» }
`),
      },
    ],
    good: [
      {
        name: 'two names',
        yaml: exampleFleet(`
devices:
  a: { mdev: { name: GRID T4-1Q }, resourceName: nvidia.com/GRID_T4-1Q }
  b: { mdev: { name: GRID P4-1Q }, resourceName: nvidia.com/GRID_P4-1Q }
nodePools:
  vgpu: { nodes: [node01], cpuVendor: intel, mediatedDevices: [{ device: a }, { device: b }] }
`),
      },
    ],
  },
  *check(input) {
    const served = input.analysis.resources.filter(isServedByKubevirt);
    for (const resource of served) {
      const socket = mediatedSocketName(resource.name ?? '');
      if (socket === undefined || !BUILTIN_SOCKETS.includes(socket)) continue;
      yield {
        message: fitting(
          `\`${resource.name ?? ''}\` shares its socket with a resource of KubeVirt's own`,
          "a mediated device shares its socket with a resource of KubeVirt's own",
        ),
        primary: { at: placeAt(resource.device.place, 'resourceName'), text: fittingLabel(socket, 'a socket in use') },
        notes: ["KubeVirt's own plugin and this one remove each other's socket"],
        help: ['choose another name after the slash'],
      };
    }
    yield* twoDomains(served);
    yield* besideNvidia(input, served);
  },
});

function isServedByKubevirt({ device, server, name }: Resource): boolean {
  return (
    device.kind === 'mdev' && server === 'kubevirt' && name !== undefined && resourceNameProblem(name) === undefined
  );
}

function* twoDomains(served: readonly Resource[]): Iterable<FleetFinding> {
  for (const [socket, [first, ...others]] of groupBy(served, ({ name }) => mediatedSocketName(name ?? ''))) {
    if (socket === undefined || first === undefined) continue;
    for (const other of others) {
      const firstNodes = new Set(nodesOf(first));
      const shared = nodesOf(other).filter((name) => firstNodes.has(name));
      if (other.name === first.name || shared.length === 0) continue;
      yield {
        message: fitting(
          `\`${first.name ?? ''}\` and \`${other.name ?? ''}\` share a socket on ${nodesInWords(shared)}`,
          `devices ${first.device.name} and ${other.device.name} share a socket`,
          '2 devices share a socket',
        ),
        primary: { at: placeAt(other.device.place, 'resourceName'), text: fittingLabel(socket, 'the same socket') },
        secondary: [{ at: placeAt(first.device.place, 'resourceName'), text: fittingLabel(socket, 'the same socket') }],
        notes: ["both plugins remove each other's socket, for ever"],
        help: ['choose another name after the slash for one of them'],
      };
    }
  }
}

function* besideNvidia({ analysis }: RuleInput, served: readonly Resource[]): Iterable<FleetFinding> {
  for (const resource of served) {
    const { device } = resource;
    const nodes = analysis.nvidiaPluginNodes.filter((node) => mayHold(node, resource));
    const nvidia = nodes[0]?.advertised.find((one) => one.resource.server === 'nvidia')?.resource.device;
    if (device.kind !== 'mdev' || nvidia === undefined) continue;
    const theirs = nvidiaVgpuResourceName(device.typeName);
    const collides = nvidiaPluginSocketName(theirs) === mediatedSocketName(resource.name ?? '');
    yield {
      message: fitting(
        `${device.name} is served by 2 plugins on ${nodesInWords(nodes.map(({ name }) => name))}`,
        'a mediated device is served by 2 plugins on one node',
      ),
      primary: {
        at: placeAt(device.place, 'resourceName'),
        text: collides
          ? "NVIDIA's plugin uses the same socket"
          : fittingLabel(`NVIDIA's plugin serves it as ${theirs}`, "NVIDIA's plugin serves it too"),
      },
      secondary: [{ at: placeAt(nvidia.place, 'devicePlugin'), text: "brings NVIDIA's plugin to these nodes" }],
      notes: ["NVIDIA's plugin serves every mediated device that it finds on its node"],
      help: ['keep these devices on different nodes', `or set \`devicePlugin: nvidia\` on ${device.name} too`],
    };
  }
}

function nodesOf({ pools }: Resource): string[] {
  return pools.flatMap(({ nodes }) => nodes.map(({ name }) => name));
}

function mayHold({ advertised }: AnalysedNode, resource: Resource): boolean {
  return advertised.some((one) => one.resource === resource);
}
