import { InternalError } from '../../diagnostics';
import { importLspci } from '../../inventory';
import { SourceFile } from '../../source';

/** Where the example's hardware comes from. */
export const SAMPLE_CAPTURE = 'captures/node01.lspci';

/** What `lspci -Dnnv` prints on the example's node: two GPUs, a NIC with two ports, and the drive that the node boots from. */
const LSPCI = `0000:00:00.0 Host bridge [0600]: Intel Corporation Xeon E7 v4/Xeon E5 v4/Xeon E3 v4/Xeon D DMI2 [8086:6f00] (rev 03)
	Subsystem: Super Micro Computer Inc Device [15d9:086d]
	Flags: fast devsel, IOMMU group 0

0000:01:00.0 Non-Volatile memory controller [0108]: Samsung Electronics Co Ltd NVMe SSD Controller SM981/PM981/PM983 [144d:a808] (prog-if 02 [NVM Express])
	Subsystem: Samsung Electronics Co Ltd Device [144d:a801]
	Flags: bus master, fast devsel, latency 0, IRQ 26, IOMMU group 12
	Kernel driver in use: nvme

0000:02:00.0 Ethernet controller [0200]: Intel Corporation Ethernet Connection X552 10 GbE SFP+ [8086:15ac]
	Subsystem: Super Micro Computer Inc Device [15d9:086d]
	Flags: bus master, fast devsel, latency 0, IRQ 40, IOMMU group 13
	Kernel driver in use: ixgbe

0000:02:00.1 Ethernet controller [0200]: Intel Corporation Ethernet Connection X552 10 GbE SFP+ [8086:15ac]
	Subsystem: Super Micro Computer Inc Device [15d9:086d]
	Flags: bus master, fast devsel, latency 0, IRQ 44, IOMMU group 13
	Kernel driver in use: ixgbe

0000:05:00.0 3D controller [0302]: NVIDIA Corporation TU104GL [Tesla T4] [10de:1eb8] (rev a1)
	Subsystem: NVIDIA Corporation TU104GL [Tesla T4] [10de:12a2]
	Flags: bus master, fast devsel, latency 0, IRQ 43, IOMMU group 15
	Kernel modules: nouveau

0000:06:00.0 3D controller [0302]: NVIDIA Corporation TU104GL [Tesla T4] [10de:1eb8] (rev a1)
	Subsystem: NVIDIA Corporation TU104GL [Tesla T4] [10de:12a2]
	Flags: bus master, fast devsel, latency 0, IRQ 45, IOMMU group 16
	Kernel modules: nouveau
`;

/** The capture of the example's node and its inventory, as `hostdev import` makes the one from the other. */
export function sampleNode(): ReadonlyMap<string, string> {
  const { text } = importLspci({
    source: new SourceFile(SAMPLE_CAPTURE, LSPCI),
    node: 'node01',
    hardwareFile: () => undefined,
  });
  if (text === undefined) throw new InternalError('the example of `hostdev init` cannot be imported');
  return new Map([
    [SAMPLE_CAPTURE, LSPCI],
    ['inventory/node01.yaml', text],
  ]);
}
