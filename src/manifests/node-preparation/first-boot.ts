/*
 * Effects as Ignition takes them (Flatcar, Fedora CoreOS): one config in its own JSON, with kernel arguments, files and units, which a
 * node reads once, before its first boot is over. Facts: node-prep.md part 4.2.
 */
import type { PreparationUnit } from '../../analysis';
import { applyByHand } from './apply-by-hand';
import type { NodePreparation } from './back-end';
import { effectsBelowKubernetes } from './effects-below-kubernetes';
import { ignitionConfig } from './ignition';
import { kubeletByHand, kubeletSteps } from './kubelet-by-hand';
import { nodeFiles, nodeUnits } from './node-files';

/**
 * The first version that has kernel arguments: Flatcar takes it from 3185 on, every Fedora CoreOS does.
 *
 * @see https://github.com/coreos/butane/blob/v0.25.0/docs/specs.md
 */
const VERSION = '3.3.0';

/** The Ignition config of a unit; none for effects that are empty. */
export function prepareIgnition(unit: PreparationUnit): NodePreparation {
  const configures = effectsBelowKubernetes(unit);
  return {
    manifests: [],
    files: applyByHand(
      unit,
      [...(configures ? [{ name: 'config.ign', text: config(unit) }] : []), ...kubeletByHand(unit)],
      {
        title: 'Ignition config for Flatcar (3185 and later) and Fedora CoreOS',
        steps: [
          ...(configures
            ? [
                'Give config.ign to new nodes, or name it under ignition.config.merge of the config that they get.',
                'Ignition reads it at the first boot only: install a node anew after a change. Until then, by hand: Fedora CoreOS takes',
                '   arguments with rpm-ostree kargs --append, Flatcar in /oem/grub.cfg (set linux_append).',
              ]
            : []),
          ...kubeletSteps(unit),
        ],
        checks:
          unit.effects.rows.length === 0 ? [] : ['/run/hostdev/bind.status says for each function what became of it'],
      },
    ),
  };
}

function config(unit: PreparationUnit): string {
  const { kernelArguments } = unit.effects;
  const content = {
    ...ignitionConfig(VERSION, nodeFiles(unit), nodeUnits(unit)),
    ...(kernelArguments.length === 0
      ? {}
      : { kernelArguments: { shouldExist: kernelArguments.map(({ argument }) => argument) } }),
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}
