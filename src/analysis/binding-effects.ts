import { compareBdfAddress, compareNatural, type NodePlatform, type PciFunction } from '../model';
import type { StrategyChoice } from './analysis';
import { declaredAddressesOn, isClaimed, selectorIds } from './bindings';
import type { BindingEffect, TakesHold } from './effects';
import type { StrategyInput } from './strategies';

/**
 * Every function that a unit's declarations bring to vfio-pci, node by node: those that an inventory shows, and those that are declared
 * by address where none does. What somebody else binds is none of them.
 */
export function bindingEffects(
  input: StrategyInput,
  strategies: readonly StrategyChoice[],
  platform: NodePlatform,
): BindingEffect[] {
  const byFunction = new Map<string, BindingEffect>();
  const add = (effect: BindingEffect): void => {
    const key = `${effect.node} ${effect.address}`;
    const known = byFunction.get(key);
    if (known === undefined || (known.role === 'companion' && effect.role === 'device')) byFunction.set(key, effect);
  };
  for (const { pool, passthrough, strategy } of strategies) {
    const device = input.deviceByName.get(passthrough.device);
    const onlyCompanions = isClaimed(device);
    if (strategy === 'external' && !onlyCompanions) continue;
    const ids = selectorIds(device);
    const how = strategy === 'external' ? 'address' : strategy;
    const common: Common = { strategy: how, device: passthrough.device, takesHold: takesHold(how, platform) };
    const boundOn = new Map(input.bound.filter((one) => one.passthrough === passthrough).map((one) => [one.node, one]));
    for (const { name } of input.nodes.filter((node) => node.pools.includes(pool))) {
      const bound = boundOn.get(name);
      for (const fact of bound?.companions ?? []) add(known(common, name, fact, 'companion'));
      if (onlyCompanions) continue;
      for (const fact of bound?.devices ?? []) add(known(common, name, fact, 'device'));
      for (const address of declaredAddressesOn(passthrough, name) ?? []) {
        add({
          ...common,
          node: name,
          address,
          role: 'device',
          ids,
          subsystem: undefined,
          class: undefined,
          serial: undefined,
          iommuGroup: undefined,
          from: undefined,
        });
      }
    }
  }
  return [...byFunction.values()].sort(
    (a, b) => compareNatural(a.node, b.node) || compareBdfAddress(a.address, b.address),
  );
}

type Common = Pick<BindingEffect, 'strategy' | 'device' | 'takesHold'>;

function known(
  { strategy, device, takesHold }: Common,
  node: string,
  fact: PciFunction,
  role: BindingEffect['role'],
): BindingEffect {
  return {
    strategy,
    device,
    takesHold,
    node,
    address: fact.address,
    role,
    ids: fact.id === undefined ? [] : [fact.id],
    subsystem: fact.subsystem,
    class: fact.class,
    serial: fact.serial,
    iommuGroup: fact.iommuGroup,
    from: fact.driver,
  };
}

function takesHold(strategy: 'id' | 'address', platform: NodePlatform): TakesHold {
  if (strategy === 'id') return 'module-load';
  return platform === 'talos' ? 'machine-config' : 'before-kubelet';
}
