/*
 * What each platform's form of node preparation gives for each kind of effect. One table: a back end that cannot carry an effect is
 * refused by a rule, one that loses a guarantee is named by another, and none drops anything in silence.
 */
import type { NodePlatform } from '../model';
import type { PreparationUnit } from './analysis';
import type { Effects } from './effects';

/** What node preparation consists of. */
export type EffectKind =
  'kernel-arguments' | 'modules' | 'ids' | 'addresses' | 'virtual-functions' | 'vgpus' | 'kubelet';

/**
 * What can be promised of an effect.
 *
 * - `identity-verified`: the node compares the device with the declared one before it is touched
 * - `host-use-refused`: the node refuses a device that it uses itself
 * - `before-kubelet`: it has taken hold when kubelet starts, and so before virt-handler looks for devices
 * - `wins-over-driver`: no driver that comes first keeps the device
 * - `checked-at-boot`: every boot compares what is with what was declared, and says so
 * - `reaches-running-nodes`: a change reaches nodes that run, not only those that are installed anew
 */
export type Guarantee =
  | 'identity-verified'
  | 'host-use-refused'
  | 'before-kubelet'
  | 'wins-over-driver'
  | 'checked-at-boot'
  | 'reaches-running-nodes';

/** How a platform carries a kind of effect, or why it does not. */
export type Delivery =
  | {
      readonly carried: true;
      /** In what form: `MachineConfig spec.kernelArguments`. */
      readonly form: string;
      readonly gives: ReadonlySet<Guarantee>;
    }
  | { readonly carried: false; readonly reason: string };

/** What each kind of effect can have at all, in the order in which they are named. */
const WANTED: Readonly<Record<EffectKind, readonly Guarantee[]>> = {
  'kernel-arguments': ['before-kubelet', 'reaches-running-nodes'],
  modules: ['before-kubelet', 'reaches-running-nodes'],
  // the kernel itself compares the id; that no function of it is the host's was shown when the fleet was compiled
  ids: ['identity-verified', 'before-kubelet', 'wins-over-driver', 'reaches-running-nodes'],
  addresses: [
    'identity-verified',
    'host-use-refused',
    'before-kubelet',
    'wins-over-driver',
    'checked-at-boot',
    'reaches-running-nodes',
  ],
  'virtual-functions': ['identity-verified', 'before-kubelet', 'checked-at-boot', 'reaches-running-nodes'],
  vgpus: ['identity-verified', 'host-use-refused', 'before-kubelet', 'checked-at-boot', 'reaches-running-nodes'],
  kubelet: ['reaches-running-nodes'],
};

const carried = (form: string, ...gives: readonly Guarantee[]): Delivery => ({
  carried: true,
  form,
  gives: new Set(gives),
});

/** With files on the node and the bind program: everything, unless the files come at the first boot only. */
function withFiles(forms: Readonly<Record<EffectKind, string>>, without: Guarantee | undefined): PlatformDeliveries {
  const all = (kind: EffectKind): Delivery =>
    carried(forms[kind], ...WANTED[kind].filter((guarantee) => guarantee !== without));
  return {
    'kernel-arguments': all('kernel-arguments'),
    modules: all('modules'),
    ids: all('ids'),
    addresses: all('addresses'),
    'virtual-functions': all('virtual-functions'),
    vgpus: all('vgpus'),
    kubelet: carried(forms.kubelet, 'reaches-running-nodes'),
  };
}

type PlatformDeliveries = Readonly<Record<EffectKind, Delivery>>;

const BY_HAND = 'a KubeletConfiguration to merge into the kubelet’s own';

/** The table. Facts: node-prep.md parts 1 and 4. */
const DELIVERIES: Readonly<Record<NodePlatform, PlatformDeliveries>> = {
  openshift: withFiles(
    {
      'kernel-arguments': 'MachineConfig `spec.kernelArguments`',
      modules: 'a MachineConfig file in modules-load.d',
      ids: 'a MachineConfig file in modprobe.d',
      addresses: 'a MachineConfig with the bind program and its unit',
      'virtual-functions': 'a MachineConfig with a program and its unit',
      vgpus: 'a MachineConfig with a program and its unit',
      kubelet: 'KubeletConfig',
    },
    undefined,
  ),
  linux: withFiles(
    {
      'kernel-arguments': 'the boot loader’s configuration',
      modules: 'a file in modules-load.d',
      ids: 'a file in modprobe.d and a new initramfs, or `vfio-pci.ids=` where vfio-pci is built in',
      addresses: 'the bind program and its unit',
      'virtual-functions': 'a program and its unit',
      vgpus: 'a program and its unit',
      kubelet: BY_HAND,
    },
    undefined,
  ),
  'cloud-init': withFiles(
    {
      'kernel-arguments': 'the boot loader’s configuration, and a reboot',
      modules: 'a file in modules-load.d',
      ids: 'a file in modprobe.d and a new initramfs, or `vfio-pci.ids=` where vfio-pci is built in',
      addresses: 'the bind program and its unit',
      'virtual-functions': 'a program and its unit',
      vgpus: 'a program and its unit',
      kubelet: BY_HAND,
    },
    'reaches-running-nodes',
  ),
  ignition: withFiles(
    {
      'kernel-arguments': 'Ignition `kernelArguments.shouldExist`',
      modules: 'a file in modules-load.d',
      ids: 'a file in modprobe.d',
      addresses: 'the bind program and its unit',
      'virtual-functions': 'a program and its unit',
      vgpus: 'a program and its unit',
      kubelet: BY_HAND,
    },
    'reaches-running-nodes',
  ),
  talos: {
    'kernel-arguments': carried('Image Factory schematic', 'before-kubelet', 'reaches-running-nodes'),
    // nothing orders the controller that loads modules before kubelet
    modules: carried('KernelModuleConfig', 'reaches-running-nodes'),
    ids: carried('KernelModuleConfig `parameters`', 'identity-verified', 'reaches-running-nodes'),
    // the controller binds whatever is at the address, after udev, in no order with kubelet (node-prep.md facts 103 and 104)
    'virtual-functions': {
      carried: false,
      reason: 'Talos runs no program on the node, and has no setting that makes virtual functions',
    },
    vgpus: { carried: false, reason: 'Talos runs no program on the node, and has no setting that makes vGPUs' },
    addresses: carried('PCIDriverRebindConfig', 'wins-over-driver', 'reaches-running-nodes'),
    kubelet: carried('machine.kubelet.extraConfig', 'reaches-running-nodes'),
  },
};

/** A guarantee in words that finish "does not …". */
export const GUARANTEES_IN_WORDS: Readonly<Record<Guarantee, string>> = {
  'identity-verified': 'compare the device with the declared one before it is bound',
  'host-use-refused': 'refuse a device that the host uses',
  'before-kubelet': 'bind before kubelet starts',
  'wins-over-driver': 'keep another driver from taking the device first',
  'checked-at-boot': 'compare what is bound with what was declared at every boot',
  'reaches-running-nodes': 'change nodes that are installed already',
};

/** A kind of effect in words. */
export const EFFECTS_IN_WORDS: Readonly<Record<EffectKind, string>> = {
  'kernel-arguments': 'kernel arguments',
  modules: 'kernel modules',
  ids: 'bindings by id',
  addresses: 'bindings by address',
  'virtual-functions': 'virtual functions',
  vgpus: 'vGPUs',
  kubelet: 'settings of the kubelet',
};

/** The kinds of effect that a unit has, in the table's order. */
export function effectKinds(effects: Effects): EffectKind[] {
  const sizes: Readonly<Record<EffectKind, number>> = {
    'kernel-arguments': effects.kernelArguments.length,
    modules: effects.modules.length,
    ids: effects.ids.length,
    addresses: effects.rows.length,
    'virtual-functions': effects.virtualFunctions.length,
    vgpus: effects.vgpus.length,
    kubelet: effects.kubelet.length,
  };
  return (Object.keys(WANTED) as EffectKind[]).filter((kind) => sizes[kind] > 0);
}

/** What a unit's platform cannot carry, kind by kind. */
export function refusedEffects({
  effects,
  platform,
}: Pick<PreparationUnit, 'effects' | 'platform'>): { readonly kind: EffectKind; readonly reason: string }[] {
  return effectKinds(effects).flatMap((kind) => {
    const delivery = DELIVERIES[platform][kind];
    return delivery.carried ? [] : [{ kind, reason: delivery.reason }];
  });
}

/** The guarantees that a unit's effects could have and its platform does not give, kind by kind. */
export function lostGuarantees({ effects, platform }: Pick<PreparationUnit, 'effects' | 'platform'>): {
  readonly kind: EffectKind;
  readonly form: string;
  readonly lost: readonly Guarantee[];
}[] {
  return effectKinds(effects).flatMap((kind) => {
    const delivery = DELIVERIES[platform][kind];
    if (!delivery.carried) return [];
    const lost = WANTED[kind].filter((guarantee) => !delivery.gives.has(guarantee));
    return lost.length === 0 ? [] : [{ kind, form: delivery.form, lost }];
  });
}

/** Whether a unit has a function that nobody compares: neither the platform on the node, nor an inventory when the fleet is compiled. */
export function isBoundBlindly({ effects, platform, nodes }: PreparationUnit): boolean {
  const delivery = DELIVERIES[platform].addresses;
  if (!delivery.carried || delivery.gives.has('identity-verified')) return false;
  const blind = new Set(nodes.filter(({ inventory }) => inventory === undefined).map(({ name }) => name));
  return effects.bindings.some(({ node, strategy }) => strategy === 'address' && blind.has(node));
}
