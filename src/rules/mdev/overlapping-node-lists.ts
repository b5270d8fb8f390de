import { isJsonObject, jsonAt, type Fleet, type JsonObject } from '../../model';
import { placeAt } from '../../source';
import { mediatedConfiguration, nodeConfigurations, wantedTypes } from '../configurations';
import { exampleKubeVirt } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { counted, fitting, nodesInWords } from '../words';

const NODE = `
---
apiVersion: v1
kind: Node
metadata: { name: node01, labels: { gpu: t4, zone: a } }
`;

const lists = (second: string): string =>
  exampleKubeVirt(`
mediatedDevicesConfiguration:
  nodeMediatedDeviceTypes:
    - { nodeSelector: { gpu: t4 }, mediatedDeviceTypes: [nvidia-222] }
    - { nodeSelector: ${second}, mediatedDeviceTypes: [nvidia-223] }
`) + NODE;

export const overlappingNodeLists = defineRule({
  code: 'MDV222',
  slug: 'mdev/overlapping-node-lists',
  severity: 'warning',
  needs: [],
  manifests: ['nodes'],
  manifestsOnly: true,
  concerns: ({ fleet }) => {
    const configuration = mediatedConfiguration(fleet);
    return configuration !== undefined && nodeConfigurations(configuration).length > 1;
  },
  summary: 'a node is selected by several lists of mediated device types',
  why: `
All entries of \`nodeMediatedDeviceTypes\` that select a node are merged, the first does not win. A card takes one type, and which of several it takes is left to
chance: the same node may offer other devices after the next start of virt-handler.`,
  sources: [{ claim: 'the lists are merged (GetDesiredMDEVTypes)', url: `${KUBEVIRT}/pkg/virt-config/virt-config.go` }],
  examples: {
    bad: [{ name: 'by card and by zone', reads: 'manifests', yaml: lists('«{ zone: a }»') }],
    good: [{ name: 'two zones', reads: 'manifests', yaml: lists('{ zone: b }') }],
  },
  *check({ fleet }) {
    const configuration = mediatedConfiguration(fleet);
    if (configuration === undefined) return;
    const entries = nodeConfigurations(configuration).filter((entry) => wantedTypes(entry).length > 0);
    for (const [i, entry] of entries.entries()) {
      for (const first of entries.slice(0, i)) {
        const types = new Set(wantedTypes(first).map(({ text }) => text));
        if (wantedTypes(entry).every(({ text }) => types.has(text))) continue;
        const nodes = nodesOf(fleet, first.value).filter((node) => nodesOf(fleet, entry.value).includes(node));
        if (nodes.length === 0) continue;
        yield {
          message: fitting(
            `2 lists of mediated device types select ${nodesInWords(nodes)}`,
            `2 lists of mediated device types select ${counted(nodes.length, 'node')}`,
          ),
          primary: { at: placeAt(entry.place, 'nodeSelector'), text: 'selects them too' },
          secondary: [{ at: placeAt(first.place, 'nodeSelector'), text: 'selects them' }],
          notes: ['virt-handler merges the lists, and a card takes any one of the types'],
          help: ['select each node once'],
        };
      }
    }
  },
});

function nodesOf({ cluster }: Fleet, { nodeSelector }: JsonObject): string[] {
  const wanted = Object.entries(isJsonObject(nodeSelector) ? nodeSelector : {});
  return (cluster.current ?? [])
    .filter(({ kind, content }) => {
      if (kind !== 'Node') return false;
      return wanted.every(([key, value]) => jsonAt(content, 'metadata', 'labels', key) === value);
    })
    .map(({ name }) => name);
}
