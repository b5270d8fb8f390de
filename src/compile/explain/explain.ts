/*
 * The whole chain of one thing, from what is declared to what the cluster does with it: data, drawn by `report`. It reads the same
 * analysis as the rules, so that the two cannot disagree, and works for fleets with errors as far as they go.
 */
import { analyse } from '../../analysis';
import { countSeverities, type Explanation, type Report, type SubjectKind } from '../../diagnostics';
import { makeManifests } from '../../manifests';
import type { Fleet } from '../../model';
import { keyPlace, type Place, type Span } from '../../source';
import { deviceChains } from './explain-device';
import { finishChains, type ExplainContext } from './explain-context';
import { machineChains } from './explain-machine';
import { nodeChains, nodeFate } from './explain-node';

/** What is to be explained, and what is known of the fleet that it is in. */
export interface ExplainInput {
  readonly fleet: Fleet;
  readonly report: Report;
  /** Turns places into ranges of texts. */
  readonly locate: (place: Place) => Span;
}

/** What a name may stand for in a fleet. */
export interface ExplainAnswer {
  /** One; several where VMs of several namespaces share the name; none where nothing has it. */
  readonly explanations: readonly Explanation[];
  /** Every name of that kind, as it can be asked for: `default/vmi-nvme`, `node03`. */
  readonly names: readonly string[];
}

/**
 * Explains a VM, a node or a device.
 *
 * @param name - of a VM its name, its id in the fleet, or namespace and name: `default/vmi-nvme`
 */
export function explain({ fleet, report, locate }: ExplainInput, kind: SubjectKind, name: string): ExplainAnswer {
  const analysis = analyse(fleet);
  const manifests = makeManifests(analysis).manifests;
  const context: ExplainContext = {
    analysis,
    manifestByKey: new Map(manifests.map((manifest) => [manifest.key, manifest])),
    report,
    locate,
  };
  const shared = { kind, fleet: fleet.name, errorCount: countSeverities(report).error };
  switch (kind) {
    case 'vm': {
      const fullName = (machine: { readonly namespace: string; readonly name: string }): string =>
        `${machine.namespace}/${machine.name}`;
      const exact = analysis.machines.filter(({ machine }) => name === machine.name || name === fullName(machine));
      const found = exact.length > 0 ? exact : analysis.machines.filter(({ machine }) => machine.id === name);
      return {
        names: analysis.machines.map(({ machine }) => fullName(machine)),
        explanations: found.map((analysed) => ({
          ...shared,
          name: fullName(analysed.machine),
          at: locate(keyPlace(analysed.machine.place)),
          chains: finishChains(context, machineChains(context, analysed)),
          node: undefined,
        })),
      };
    }
    case 'node': {
      const node = analysis.nodeByName.get(name);
      const place = node?.pools[0]?.nodes.find((member) => member.name === name)?.place ?? node?.inventory?.place;
      return {
        names: analysis.nodes.map((one) => one.name),
        explanations:
          node === undefined
            ? []
            : [
                {
                  ...shared,
                  name,
                  at: locate(place ?? fleet.place),
                  chains: finishChains(context, nodeChains(context, node)),
                  node: nodeFate(context, node),
                },
              ],
      };
    }
    case 'device': {
      const resource = analysis.resourceByDevice.get(name);
      return {
        names: analysis.resources.map(({ device }) => device.name),
        explanations:
          resource === undefined
            ? []
            : [
                {
                  ...shared,
                  name,
                  at: locate(keyPlace(resource.device.place)),
                  chains: finishChains(context, deviceChains(context, resource)),
                  node: undefined,
                },
              ],
      };
    }
  }
}
