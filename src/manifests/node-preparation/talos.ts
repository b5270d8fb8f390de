/*
 * Effects as Talos takes them: documents of its machine configuration, and a schematic for its Image Factory. There is no program on the
 * node, so what it would check has been checked when the fleet was compiled. Facts: node-prep.md part 4.1.
 */
import { TALOS_SINCE, talosIsAtLeast, type BindingEffect, type PreparationUnit } from '../../analysis';
import { isJsonObject, type JsonObject } from '../../model';
import { appendToPointer, type Pointer } from '../../source';
import { emitYaml } from '../../yaml';
import { commentText } from '../comment';
import { applyByHand, type Artefact } from './apply-by-hand';
import type { NodePreparation } from './back-end';

/**
 * What a guest needs: Talos loads neither by itself, and a function whose driver is not there is left with none (fact 104).
 */
const MODULES = ['vfio_pci', 'vfio_iommu_type1'] as const;

/** A document with the comments above its lines. */
interface TalosDocument {
  readonly content: JsonObject;
  readonly comments: readonly (readonly [Pointer, string])[];
}

/** The patches and the schematic of a unit; none for effects that are empty. */
export function prepareTalos(unit: PreparationUnit): NodePreparation {
  const common = commonDocuments(unit);
  const { everywhere, perNode } = rebinds(unit);
  const patches: Artefact[] = [
    ...patch('machineconfig.yaml', [...common, ...everywhere.map(rebindDocument)]),
    ...perNode.flatMap(({ node, bindings }) => patch(`machineconfig.${node}.yaml`, bindings.map(rebindDocument))),
  ];
  const schematic = schematicOf(unit);
  const names = patches.map(({ name }) => name);
  return {
    manifests: [],
    files: applyByHand(unit, [...patches, ...schematic], {
      title: `Talos machine configuration${schematic.length === 0 ? '' : ' and schematic'}`,
      steps: [
        ...(names.length === 0
          ? []
          : [
              'Patch every node of the pool, without effect until it reboots:',
              '   talosctl -n NODE patch machineconfig --mode=staged --patch @machineconfig.yaml',
              ...(perNode.length === 0
                ? []
                : ['   and with the file that has the name of the node, which has the addresses of that node alone.']),
            ]),
        ...(schematic.length === 0
          ? ['Reboot the node: talosctl -n NODE reboot']
          : [
              'Make an image of the schematic: curl -X POST --data-binary @schematic.yaml https://factory.talos.dev/schematics',
              'Upgrade the node to it, which reboots it: talosctl -n NODE upgrade --image factory.talos.dev/installer/ID:VERSION',
              '   (machine.install.extraKernelArgs does nothing on nodes that systemd-boot starts, which is why it is not used.)',
            ]),
      ],
      checks: [
        'talosctl -n NODE read /proc/cmdline shows the arguments',
        ...(unit.effects.bindings.length === 0
          ? []
          : [
              'talosctl -n NODE ls /sys/bus/pci/drivers/vfio-pci lists the functions; PCIDriverRebindStatus alone does not show it',
            ]),
      ],
    }),
  };
}

function patch(name: string, documents: readonly TalosDocument[]): Artefact[] {
  if (documents.length === 0) return [];
  const text = documents.map(({ content, comments }) =>
    emitYaml(content, {
      comments: new Map(comments.map(([pointer, line]) => [pointer, commentText(line)])),
      isMarked: true,
    }),
  );
  return [{ name, text: text.join('') }];
}

function commonDocuments({ effects, platformVersion }: PreparationUnit): TalosDocument[] {
  const { ids, modules, kubelet } = effects;
  const names = modules.length === 0 ? [] : MODULES;
  const parameters = ids.length === 0 ? [] : [`ids=${ids.join(',')}`];
  const entries = names.map((name) => ({
    name,
    ...(name === 'vfio_pci' && parameters.length > 0 ? { parameters } : {}),
  }));
  const hasDocument = talosIsAtLeast(platformVersion, TALOS_SINCE.kernelModule) === true;
  const machine = {
    ...(hasDocument || entries.length === 0 ? {} : { kernel: { modules: entries } }),
    ...(kubelet.length === 0
      ? {}
      : { kubelet: { extraConfig: Object.fromEntries(kubelet.map(({ field, value }) => [field, value])) } }),
  };
  return [
    ...(Object.keys(machine).length === 0
      ? []
      : [
          {
            content: { machine },
            comments: kubelet.map(
              ({ field, reason }) => [appendToPointer('/machine/kubelet/extraConfig', field), reason] as const,
            ),
          },
        ]),
    ...(hasDocument
      ? entries.map((entry) => ({
          content: { apiVersion: 'v1alpha1', kind: 'KernelModuleConfig', ...entry },
          comments: [],
        }))
      : []),
  ];
}

/** One document for each function; where all nodes have the same ones, they are written once. */
function rebinds({ effects, nodes }: PreparationUnit): {
  readonly everywhere: readonly BindingEffect[];
  readonly perNode: readonly { readonly node: string; readonly bindings: readonly BindingEffect[] }[];
} {
  const byNode = nodes.map(({ name }) => ({
    node: name,
    bindings: effects.bindings.filter(({ node, strategy }) => node === name && strategy === 'address'),
  }));
  const [first] = byNode;
  const addresses = (bindings: readonly BindingEffect[]): string => bindings.map(({ address }) => address).join(' ');
  if (first === undefined) return { everywhere: [], perNode: [] };
  if (byNode.every(({ bindings }) => addresses(bindings) === addresses(first.bindings))) {
    return { everywhere: first.bindings, perNode: [] };
  }
  return { everywhere: [], perNode: byNode.filter(({ bindings }) => bindings.length > 0) };
}

function rebindDocument({ address, role, device }: BindingEffect): TalosDocument {
  return {
    content: { apiVersion: 'v1alpha1', kind: 'PCIDriverRebindConfig', name: address, targetDriver: 'vfio-pci' },
    comments: [['/name', role === 'device' ? device : `companion of ${device}`]],
  };
}

/** The user's schematic with the arguments that it does not have, behind its own. */
function schematicOf({ effects, pools }: PreparationUnit): Artefact[] {
  const { kernelArguments } = effects;
  if (kernelArguments.length === 0) return [];
  const [own] = pools.flatMap(({ talosSchematic }) => talosSchematic ?? []);
  const listed = own?.kernelArguments.map(({ text }) => text) ?? [];
  const added = kernelArguments.filter(
    ({ argument }) => !listed.includes(argument) || argument.startsWith('hugepages'),
  );
  const customization = own?.content['customization'];
  const content = {
    ...own?.content,
    customization: {
      ...(isJsonObject(customization) ? customization : {}),
      extraKernelArgs: [...listed, ...added.map(({ argument }) => argument)],
    },
  };
  const comments = new Map(
    added.map(({ reason }, index) => [
      appendToPointer('/customization/extraKernelArgs', listed.length + index),
      commentText(reason),
    ]),
  );
  return [{ name: 'schematic.yaml', text: emitYaml(content, { comments, isMarked: true }) }];
}
