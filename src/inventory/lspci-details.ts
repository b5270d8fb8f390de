/*
 * The indented lines below a function's first line. lspci -v and -k print a few dozen forms of them, -vvv a few hundred;
 * the ones that hold a fact of the inventory are read and all others are passed over. What was not printed stays undefined.
 *
 * Serial numbers are passed over on purpose. `Device Serial Number` is not one: two network cards of one machine can show
 * the same, made from their vendor's and device's id. `[SN]` of the vital product data belongs to a board with several
 * functions. The inventory's serial is what a drive says in sysfs, because that is what can be compared on the node.
 */
import { parsePciId, type PciId } from '../model';

/** The SR-IOV capability of a physical function, as `lspci -vv` prints it. */
export interface SriovCapability {
  readonly totalVfs: number;
  readonly numVfs: number;
  /** From the physical function to its first virtual function, in routing ids. */
  readonly offset: number | undefined;
  /** From one virtual function to the next, in routing ids. */
  readonly stride: number | undefined;
  /** What the virtual functions have as their device id, four digits. */
  readonly deviceId: string | undefined;
}

/** What the lines below a function's first line say; filled line by line. */
export interface LspciDetails {
  /** Whether there was any such line: without one the text is a plain listing, which shows no drivers. */
  isPresent: boolean;
  subsystem: PciId | undefined;
  driver: string | undefined;
  /** Whether the modules were listed, which lspci does behind the driver. */
  showsModules: boolean;
  iommuGroup: number | undefined;
  numaNode: number | undefined;
  sriov: SriovCapability | undefined;
}

/** Nothing known. */
export function noDetails(): LspciDetails {
  return {
    isPresent: false,
    subsystem: undefined,
    driver: undefined,
    showsModules: false,
    iommuGroup: undefined,
    numaNode: undefined,
    sriov: undefined,
  };
}

/** The words that begin the lines of `lspci -v` and `-k`, for texts that lost their indentation on the way. */
const KNOWN_BEGIN =
  /^(?:Subsystem|Kernel driver in use|Kernel modules|DeviceName|Flags|Control|Status|Latency|Interrupt|NUMA node|IOMMU group|Physical Slot|Bus|Capabilities|BridgeCtl|Secondary status|(?:I\/O|Memory|Prefetchable memory) behind bridge|Region \d|BIST result): |^(?:Memory|I\/O ports|Expansion ROM) at |^!!! /;

/** Whether a line that is not indented belongs to a function all the same. */
export function isUnindentedDetail(line: string): boolean {
  return KNOWN_BEGIN.test(line);
}

/** Takes the facts of one line, with or without its indentation. */
export function readDetail(line: string, details: LspciDetails): void {
  details.isPresent = true;
  const words = line.trim();
  // the first letter sorts out nearly all of the lines of -vvv
  switch (words.charCodeAt(0)) {
    case 0x53: // S
      readSubsystem(words, details);
      break;
    case 0x44: // D: old releases print the label of a slot without a line end, so the subsystem follows on the same line
      if (words.startsWith('DeviceName:')) readSubsystem(words.slice(words.indexOf('\t') + 1), details);
      break;
    case 0x4b: // K
      if (words.startsWith('Kernel driver in use: ')) details.driver ??= readDriver(words.slice(22));
      else if (words.startsWith('Kernel modules: ')) details.showsModules = true;
      break;
    case 0x4e: // N
      details.numaNode ??= numberBehind(words, /^NUMA node: (\d{1,9})$/);
      break;
    case 0x46: // F
      if (!words.startsWith('Flags: ')) break;
      details.numaNode ??= numberBehind(words, /, NUMA node (\d{1,9})(?:,|$)/);
      details.iommuGroup ??= numberBehind(words, /, IOMMU group (\d{1,9})(?:,|$)/);
      break;
    case 0x49: // I
      details.iommuGroup ??= numberBehind(words, /^IOMMU group: (\d{1,9})$/);
      if (words.startsWith('Initial VFs: ')) readVirtualFunctionCounts(words, details);
      break;
    case 0x56: // V
      if (words.startsWith('VF offset: ')) readVirtualFunctionPlaces(words, details);
      break;
    default:
      break;
  }
}

function readSubsystem(words: string, details: LspciDetails): void {
  if (!words.startsWith('Subsystem: ')) return;
  const id = /(?:\[|: )([0-9A-Fa-f]{4}:[0-9A-Fa-f]{4})\]?$/.exec(words)?.[1];
  const parsed = id === undefined ? undefined : parsePciId(id);
  if (parsed?.ok === true) details.subsystem ??= parsed.value;
}

/**
 * A driver's name as sysfs spells it; lspci puts a remark in angle brackets where it could not read it. No driver is called
 * `none`, which in an inventory says that there is known to be none.
 */
function readDriver(words: string): string | undefined {
  const name = words.trim();
  return name === '' || name === 'none' || /^<|[\p{Cc}\p{Cs}]/u.test(name) ? undefined : name;
}

function readVirtualFunctionCounts(words: string, details: LspciDetails): void {
  const counts = /^Initial VFs: \d{1,5}, Total VFs: (\d{1,5}), Number of VFs: (\d{1,5})(?:,|$)/.exec(words);
  if (counts === null || details.sriov !== undefined) return;
  const [, totalVfs, numVfs] = counts;
  details.sriov = {
    totalVfs: Number(totalVfs),
    numVfs: Number(numVfs),
    offset: undefined,
    stride: undefined,
    deviceId: undefined,
  };
}

function readVirtualFunctionPlaces(words: string, details: LspciDetails): void {
  const places = /^VF offset: (\d{1,5}), stride: (\d{1,5}), Device ID: ([0-9A-Fa-f]{4})$/.exec(words);
  if (places === null || details.sriov?.offset !== undefined || details.sriov === undefined) return;
  const [, offset, stride, deviceId] = places;
  details.sriov = {
    ...details.sriov,
    offset: Number(offset),
    stride: Number(stride),
    deviceId: deviceId?.toLowerCase(),
  };
}

function numberBehind(words: string, form: RegExp): number | undefined {
  const digits = form.exec(words)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
