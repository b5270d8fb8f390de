/*
 * The units that make what does not outlive the kernel: virtual functions, and vGPUs.
 */
import {
  BIND_UNIT_NAME,
  FUNCTIONS_UNIT_NAME,
  functionsProgramPath,
  VGPUS_UNIT_NAME,
  vgpusProgramPath,
  type BindingRow,
  type VgpusRow,
  type VirtualFunctionsRow,
} from '../../analysis';
import type { NodePlatform } from '../../model';
import { programCommand, startsBeforeKubelet } from './bind-unit';
import type { NodeUnit } from './ignition';

/** The unit that makes virtual functions, before those that are handed over are bound and before virt-handler looks for any. */
export function functionsUnit(rows: readonly VirtualFunctionsRow[], platform: NodePlatform): NodeUnit {
  return makerUnit(rows, platform, {
    name: FUNCTIONS_UNIT_NAME,
    description: 'Make the virtual functions listed in /etc/hostdev/virtual-functions',
    order: [`Before=${BIND_UNIT_NAME}`],
    program: functionsProgramPath(platform),
  });
}

/**
 * The unit that makes vGPUs: once there are virtual functions, once what binds has let go of the rest, and once NVIDIA's own services,
 * where they are installed, have told the driver which types there are.
 *
 * @see https://docs.nvidia.com/vgpu/18.0/grid-vgpu-user-guide/index.html
 */
export function vgpusUnit(rows: readonly VgpusRow[], platform: NodePlatform): NodeUnit {
  return makerUnit(rows, platform, {
    name: VGPUS_UNIT_NAME,
    description: 'Make the vGPUs listed in /etc/hostdev/vgpus',
    order: [`After=${FUNCTIONS_UNIT_NAME} ${BIND_UNIT_NAME} nvidia-vgpud.service nvidia-vgpu-mgr.service`],
    program: vgpusProgramPath(platform),
  });
}

function makerUnit(
  rows: readonly Pick<BindingRow, 'scope'>[],
  platform: NodePlatform,
  {
    name,
    description,
    order,
    program,
  }: {
    readonly name: string;
    readonly description: string;
    readonly order: readonly string[];
    readonly program: string | undefined;
  },
): NodeUnit {
  const { unit, wantedBy } = startsBeforeKubelet(platform, rows);
  return {
    name,
    contents: [
      '[Unit]',
      `Description=${description}`,
      ...unit,
      ...order,
      '',
      '[Service]',
      'Type=oneshot',
      'RemainAfterExit=yes',
      `ExecStart=${programCommand(program)}`,
      'TimeoutStartSec=300',
      'StandardOutput=journal+console',
      'StandardError=journal+console',
      '',
      '[Install]',
      `WantedBy=${wantedBy}`,
      '',
    ].join('\n'),
  };
}
