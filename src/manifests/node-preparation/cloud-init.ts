/*
 * Effects as cloud-init takes them: user data that run the installer of nodes with packages once, when the instance is made, and
 * reboot where that is needed. Facts: node-prep.md part 4.5.
 */
import type { PreparationUnit } from '../../analysis';
import { emitYaml } from '../../yaml';
import { applyByHand } from './apply-by-hand';
import type { NodePreparation } from './back-end';
import { effectsBelowKubernetes } from './effects-below-kubernetes';
import { installer } from './installer';
import { kubeletByHand, kubeletSteps } from './kubelet-by-hand';

/** Where the installer is kept on the node, so that `--check` and `--undo` are there afterwards. */
export const INSTALLER_PATH = '/var/lib/hostdev/install.sh';

/** What the installer leaves behind where a reboot is needed. */
const REBOOT_WANTED = '/run/hostdev/reboot-wanted';

/** The user data of a unit; none for effects that are empty. */
export function prepareCloudInit(unit: PreparationUnit): NodePreparation {
  const installs = effectsBelowKubernetes(unit);
  return {
    manifests: [],
    files: applyByHand(
      unit,
      [...(installs ? [{ name: 'user-data.yaml', text: userData(unit) }] : []), ...kubeletByHand(unit)],
      {
        title: 'User data for cloud-init',
        steps: [
          ...(installs
            ? [
                'Give user-data.yaml to new instances, or merge it as a part of their user data (it is a #cloud-config).',
                'cloud-init runs it once for each instance: an instance that runs already does not see a change. There, run',
                `   sh ${INSTALLER_PATH} of the new user data as root, and reboot; or make the instance anew.`,
              ]
            : []),
          ...kubeletSteps(unit),
        ],
        checks: installs ? [`sh ${INSTALLER_PATH} --check says: as listed`] : [],
      },
    ),
  };
}

/**
 * A `#cloud-config` must begin with that line. Permissions are a quoted text, since cloud-init reads them as octal digits; the
 * reboot at the end happens only where the installer asked for one.
 *
 * @see https://github.com/canonical/cloud-init/blob/24.4/cloudinit/config/schemas/schema-cloud-config-v1.json
 */
function userData(unit: PreparationUnit): string {
  const content = {
    write_files: [{ path: INSTALLER_PATH, owner: 'root:root', permissions: '0700', content: installer(unit) }],
    runcmd: [['sh', INSTALLER_PATH]],
    power_state: {
      mode: 'reboot',
      message: 'hostdev: kernel arguments and drivers take effect with a reboot',
      condition: `test -e ${REBOOT_WANTED}`,
    },
  };
  return `#cloud-config\n${emitYaml(content, {
    comments: new Map([
      ['/write_files', 'the program with everything that it installs; it stays on the node for --check and --undo'],
      ['/power_state', 'once, after everything else that cloud-init does'],
    ]),
  })}`;
}
