import type { Analysis } from '../../analysis';
import type { NodePlatform } from '../../model';
import type { BackEnd, NodePreparation } from './back-end';
import { prepareCloudInit } from './cloud-init';
import { prepareIgnition } from './first-boot';
import { prepareLinux } from './linux';
import { prepareOpenshift } from './openshift';
import { prepareTalos } from './talos';

export { MACHINE_CONFIG_API } from './openshift';

const BACK_ENDS: Readonly<Record<NodePlatform, BackEnd>> = {
  openshift: prepareOpenshift,
  talos: prepareTalos,
  ignition: prepareIgnition,
  'cloud-init': prepareCloudInit,
  linux: prepareLinux,
};

/** What prepares the nodes of every unit. */
export function prepareNodes({ units }: Analysis): NodePreparation {
  const prepared = units.map((unit) => BACK_ENDS[unit.platform](unit));
  return {
    manifests: prepared.flatMap(({ manifests }) => manifests),
    files: prepared.flatMap(({ files }) => files),
  };
}
