import { resourceNameProblem } from '../../model';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { KUBERNETES, KUBEVIRT } from '../sources';
import { fitting, fittingLabel } from '../words';

export const invalidName = defineRule({
  code: 'RES601',
  slug: 'resource/invalid-name',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'a resource name is not one that kubelet registers',
  why: `
kubelet registers extended resources only: a domain, a slash, and a name of at most 63 letters, digits, \`-\`, \`_\` and \`.\`. For any other
name the registration fails and is tried again for ever. As long as one of its plugins is not registered, virt-handler marks the
node as not schedulable, for all VMs. A mediated device's name without a slash ends virt-handler on every node that has one.`,
  sources: [
    { claim: 'what an extended resource is called', url: `${KUBERNETES}/pkg/apis/core/v1/helper/helpers.go#L42-L60` },
    {
      claim: 'one plugin that is not registered makes the node unschedulable',
      url: `${KUBEVIRT}/pkg/virt-handler/heartbeat/heartbeat.go`,
    },
    {
      claim: 'the part after the slash is taken without looking',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/mediated_device.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'no domain',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: «tesla-t4» }
`),
      },
      {
        name: 'an upper-case domain',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: «NVIDIA.com/t4» }
`),
      },
    ],
    good: [
      {
        name: 'domain and name',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/TU104GL_Tesla-T4.a }
`),
      },
    ],
  },
  *check({ analysis }) {
    for (const { device, name, derived } of analysis.resources) {
      const problem = name === undefined ? undefined : resourceNameProblem(name);
      if (name === undefined || problem === undefined) continue;
      yield {
        message: fitting(
          `resource name \`${name}\` of device ${device.name} is not one that kubelet registers`,
          `the resource name of device ${device.name} is not one that kubelet registers`,
          'a resource name is not one that kubelet registers',
        ),
        primary: {
          at: derived ? device.place : placeAt(device.place, 'resourceName'),
          text: fittingLabel(problem, 'expected `domain/name`'),
        },
        notes: [
          ...(problem.length > 60 ? [`kubelet refuses it: ${problem}`] : []),
          device.kind === 'mdev' && !name.includes('/')
            ? 'virt-handler ends on every node that has such a mediated device'
            : 'virt-handler marks a node as not schedulable while one of its plugins is not registered',
        ],
      };
    }
  },
});
