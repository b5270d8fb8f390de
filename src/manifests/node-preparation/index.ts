import type { Analysis } from '../../analysis';
import type { NodePlatform } from '../../model';
import type { BackEnd, NodePreparation } from './back-end';
import { prepareOpenshift } from './openshift';

export { MACHINE_CONFIG_API } from './openshift';

const NOTHING: BackEnd = () => ({ manifests: [], files: [] });

const BACK_ENDS: Readonly<Record<NodePlatform, BackEnd>> = {
  openshift: prepareOpenshift,
  talos: NOTHING,
  ignition: NOTHING,
  'cloud-init': NOTHING,
  linux: NOTHING,
};

/** What prepares the nodes of every unit. */
export function prepareNodes({ units }: Analysis): NodePreparation {
  const prepared = units.map((unit) => BACK_ENDS[unit.platform](unit));
  return {
    manifests: prepared.flatMap(({ manifests }) => manifests),
    files: prepared.flatMap(({ files }) => files),
  };
}
