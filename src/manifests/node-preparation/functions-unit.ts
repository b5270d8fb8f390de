import { BIND_UNIT_NAME, FUNCTIONS_UNIT_NAME, functionsProgramPath, type VirtualFunctionsRow } from '../../analysis';
import type { NodePlatform } from '../../model';
import { programCommand, startsBeforeKubelet } from './bind-unit';
import type { NodeUnit } from './ignition';

/** The unit that makes virtual functions, before those that are handed over are bound and before virt-handler looks for any. */
export function functionsUnit(rows: readonly VirtualFunctionsRow[], platform: NodePlatform): NodeUnit {
  const { unit, wantedBy } = startsBeforeKubelet(platform, rows);
  return {
    name: FUNCTIONS_UNIT_NAME,
    contents: [
      '[Unit]',
      'Description=Make the virtual functions listed in /etc/hostdev/virtual-functions',
      ...unit,
      `Before=${BIND_UNIT_NAME}`,
      '',
      '[Service]',
      'Type=oneshot',
      'RemainAfterExit=yes',
      `ExecStart=${programCommand(functionsProgramPath(platform))}`,
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
