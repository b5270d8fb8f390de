/*
 * Makes docs/rules/trace.md: for every row of the two tables of facts that the rules were drawn from, the rule that finds it, the
 * test that shows why it cannot happen, or why there is no rule.
 */
import { compareNatural } from '../src/model';
import { PROBLEMS } from '../src/compile';
import { RULES } from '../src/rules';

/** One row of a table of facts, with what became of it. */
export interface TraceRow {
  /** As in the table: `PHD-PCI-FORMAT`, `NP010`. */
  readonly id: string;
  /** As in the table. */
  readonly severity: string;
  /** Slugs of the rules that find it; the first is the one it was made for. */
  readonly rules?: readonly string[];
  /** The test that shows that hostdev does not write such a thing. */
  readonly test?: string;
  /** What is left out, and why; what else there is to say. */
  readonly note?: string;
}

const DRA = 'a driver that hostdev does not know is not judged: what it publishes is its own affair';
const PLAN = 'a hazard of `hostdev plan`: compares with what is merged already';
const DUMPS = 'for objects that no fleet wrote';

/** The rule table of the facts about KubeVirt. */
export const KUBEVIRT_ROWS: readonly TraceRow[] = [
  { id: 'PHD-PCI-FORMAT', severity: 'error', rules: ['pci/malformed-selector'] },
  { id: 'PHD-PCI-DUP-SELECTOR', severity: 'error', rules: ['pci/duplicate-selector', 'pci/selector-listed-twice'] },
  {
    id: 'PHD-PCI-POOL-SPLIT',
    severity: 'error',
    rules: ['pci/duplicate-selector', 'pci/double-provider'],
    note: 'a device is declared once for all pools, so two names for one card are two devices with one selector',
  },
  { id: 'PHD-FUNGIBLE-STATE', severity: 'warning', rules: ['pci/interchangeable-drives'] },
  {
    id: 'PHD-DRIVER',
    severity: 'error',
    rules: ['pci/variant-driver', 'resource/unexpected-allocatable', 'vm/unadvertised-device'],
    test: 'test/unit/manifests/node-preparation/openshift.test.ts',
    note: 'what the fleet hands over is bound by what hostdev writes; a driver that somebody else chose shows in the prediction',
  },
  { id: 'PHD-VGPU-VF-VERSION', severity: 'error', rules: ['pci/vgpu-on-old-kubevirt'] },
  { id: 'PHD-VGPU-PF', severity: 'error', rules: ['pci/bound-sriov-card'] },
  {
    id: 'PHD-VGPU-PROFILE',
    severity: 'error',
    rules: ['mdev/wrong-maker'],
    note: 'a vGPU is declared with its type, so there is none without; what is left is who sets it',
  },
  { id: 'PHD-GRACE-EXTERNAL', severity: 'error', rules: ['pci/variant-driver'] },
  { id: 'PHD-MDEV-TRIM', severity: 'error', rules: ['mdev/padded-type-name'] },
  { id: 'PHD-MDEV-TYPE-ID', severity: 'error', rules: ['mdev/type-id-as-name'] },
  { id: 'PHD-MDEV-DUP-SELECTOR', severity: 'error', rules: ['mdev/colliding-type-names'] },
  { id: 'PHD-MDEV-SHARED-RESOURCE', severity: 'error', rules: ['mdev/shared-resource'] },
  { id: 'PHD-NAME-SLASH', severity: 'error', rules: ['resource/invalid-name'] },
  { id: 'PHD-NAME-QUALIFIED', severity: 'error', rules: ['resource/invalid-name'] },
  { id: 'PHD-SOCKET-LEN', severity: 'error', rules: ['resource/long-name'] },
  { id: 'PHD-SOCKET-COLLISION', severity: 'error', rules: ['resource/colliding-socket'] },
  { id: 'PHD-CROSS-SECTION-DUP', severity: 'error', rules: ['resource/cross-section-name', 'resource/shared-name'] },
  {
    id: 'PHD-RESERVED-NAMESPACE',
    severity: 'error/warn',
    rules: ['resource/taken-name'],
    note: 'an info for a free suffix',
  },
  { id: 'PHD-FOREIGN-RESOURCE', severity: 'error', rules: ['resource/taken-name', 'resource/second-device-plugin'] },
  { id: 'PHD-ENV-COLLISION', severity: 'error', rules: ['vm/colliding-variables'] },
  {
    id: 'PHD-IOMMU-SHARED',
    severity: 'error',
    rules: ['pci/shared-iommu-group', 'vm/oversubscribed-device'],
    note: 'a warning: the node advertises fewer than it has; VMs that ask for more than that are the error',
  },
  { id: 'PHD-IOMMU-CROSS-RESOURCE', severity: 'error', rules: ['pci/split-iommu-group'] },
  { id: 'PHD-RENAME-ON-CHANGE', severity: 'warning', rules: ['plan/keeps-stale-plugin'], note: PLAN },
  {
    id: 'NODE-IOMMU',
    severity: 'error',
    rules: ['node/missing-iommu-argument', 'node/unknown-cpu-vendor', 'node/iommu-off', 'node/inherited-iommu-off'],
    test: 'test/unit/manifests/node-preparation/openshift.test.ts',
    note: 'hostdev writes the argument; a warning for objects that no fleet wrote, since an operator may bring it',
  },
  { id: 'NODE-IOMMU-GROUP-BIND', severity: 'error', rules: ['pci/unbound-group-member', 'pci/host-used-group-member'] },
  { id: 'NODE-VFIO-IDS-HOST', severity: 'error', rules: ['pci/host-device-bound', 'pci/unsafe-id-binding'] },
  { id: 'NODE-VFIO-CDEV', severity: 'warning', rules: ['node/missing-vfio-cdev'] },
  { id: 'NODE-TAINT-HANDLER', severity: 'error', rules: ['node/untolerated-taint', 'node/undeclared-taint'] },
  {
    id: 'NODE-TAINT-VM',
    severity: 'error',
    rules: ['vm/untolerated-taint', 'node/undeclared-taint'],
    test: 'test/unit/manifests/virtual-machines.test.ts',
    note: 'hostdev adds the tolerations of the pool that a VM is aimed at',
  },
  { id: 'NODE-CPUMANAGER-STATIC', severity: 'error', rules: ['vm/without-static-cpus'] },
  { id: 'NODE-HUGEPAGES', severity: 'error', rules: ['vm/without-hugepages'] },
  {
    id: 'USB-SELECTOR-FORMAT',
    severity: 'error',
    rules: ['usb/malformed-selector', 'fleet/malformed-value'],
    note: 'the first for objects that no fleet wrote, the second is the form of a fleet file',
  },
  {
    id: 'USB-SELECTORS-EMPTY',
    severity: 'error',
    rules: ['usb/without-selector', 'fleet/missing-key'],
    note: 'the first for objects that no fleet wrote, the second is the form of a fleet file',
  },
  { id: 'USB-SELECTOR-DUP', severity: 'error', rules: ['usb/repeated-selector'] },
  { id: 'USB-SELECTOR-OVERLAP', severity: 'error', rules: ['usb/overlapping-selector'] },
  { id: 'USB-BUNDLE', severity: 'warning', rules: ['usb/selector-bundle'] },
  { id: 'USB-IN-GPUS', severity: 'error', rules: ['vm/usb-in-gpus'] },
  { id: 'USB-S390X', severity: 'error', rules: ['vm/s390x-device'] },
  {
    id: 'EXT-NO-PROVIDER',
    severity: 'error',
    rules: ['resource/unchecked-provider', 'resource/conflicting-provider', 'vm/unadvertised-device'],
    note: 'an info where the fleet does not deploy the plugin: somebody else may',
  },
  {
    id: 'EXT-DOUBLE-PROVIDER',
    severity: 'error',
    rules: [
      'pci/double-provider',
      'resource/conflicting-provider',
      'pci/claimed-by-sriov-policy',
      'resource/second-device-plugin',
    ],
  },
  { id: 'EXT-NVDP-NAME', severity: 'error', rules: ['resource/misnamed-resource', 'resource/unnamed-resource'] },
  {
    id: 'MDEV-DEPRECATED-FIELD',
    severity: 'warning',
    rules: ['mdev/deprecated-list'],
    test: 'test/unit/manifests/kubevirt-patch.test.ts',
    note: DUMPS,
  },
  {
    id: 'MDEV-BOTH-FIELDS',
    severity: 'error',
    rules: ['mdev/deprecated-list'],
    test: 'test/unit/manifests/kubevirt-patch.test.ts',
    note: DUMPS,
  },
  { id: 'MDEV-NODE-OVERLAP', severity: 'warning', rules: ['mdev/overlapping-node-lists', 'node/in-two-pools'] },
  { id: 'MDEV-NODE-EMPTY', severity: 'error', rules: ['mdev/empty-node-list'], note: DUMPS },
  {
    id: 'MDEV-NO-GLOBAL',
    severity: 'warning',
    rules: ['mdev/removed-by-kubevirt', 'mdev/foreign-maker'],
    note: 'not a fault by itself: it harms mediated devices of others, and those rules look for them',
  },
  { id: 'MDEV-TYPE-SPACES', severity: 'error', rules: ['mdev/spaced-type-name'] },
  {
    id: 'MDEV-NAME-ID-MISMATCH',
    severity: 'error',
    rules: ['mdev/unpermitted-type'],
    test: 'test/unit/manifests/kubevirt-patch.test.ts',
    note: 'a fleet names a type once; for objects that no fleet wrote, where the types are given by name',
  },
  { id: 'MDEV-NONDETERMINISTIC', severity: 'error', rules: ['mdev/unordered-types'] },
  { id: 'MDEV-FOREIGN-DELETE', severity: 'error', rules: ['mdev/removed-by-kubevirt', 'mdev/foreign-maker'] },
  { id: 'MDEV-TYPE-REMOVED-IN-USE', severity: 'error', rules: ['plan/removes-mediated-devices'], note: PLAN },
  { id: 'MDEV-ENABLED-CONFLICT', severity: 'error', rules: ['mdev/two-switches'], note: DUMPS },
  {
    id: 'MDEV-DISABLED-LATE-BIND',
    severity: 'info',
    note: 'hostdev binds before kubelet starts; when others bind is not known from any input',
  },
  { id: 'DEV-MODE-CONFLICT', severity: 'error', rules: ['mdev/parent-passed-through'] },
  { id: 'VGPU-FRAMEWORK', severity: 'error', rules: ['mdev/contradicted-framework', 'mdev/unknown-framework'] },
  { id: 'VM-NOT-PERMITTED', severity: 'error', rules: ['vm/unknown-device'] },
  { id: 'VM-DEV-NAME-DUP', severity: 'error', rules: ['vm/duplicate-device-name'] },
  { id: 'VM-DEV-NAME-CHARS', severity: 'error', rules: ['vm/invalid-device-name'] },
  { id: 'GATE-HOSTDEVICES', severity: 'error', rules: ['kubevirt/missing-gate'] },
  { id: 'GATE-CPUMANAGER', severity: 'error', rules: ['vm/missing-gate'] },
  { id: 'GATE-SIDECAR', severity: 'error', rules: ['vm/missing-gate'] },
  { id: 'GATE-UNKNOWN', severity: 'error', rules: ['kubevirt/unknown-gate'] },
  { id: 'GATE-BOTH-LISTS', severity: 'error', rules: ['kubevirt/gate-on-both-sides', 'kubevirt/missing-gate'] },
  {
    id: 'GATE-VERSION / FIELD-VERSION',
    severity: 'error',
    rules: ['kubevirt/unknown-gate', 'api/unknown-field', 'api/missing-field', 'api/wrong-type'],
  },
  { id: 'GATE-REDUNDANT', severity: 'info', rules: ['kubevirt/redundant-gate'] },
  {
    id: 'GATE-IOMMUFD-FLEET',
    severity: 'error',
    rules: ['kubevirt/iommufd-on-old-kernel'],
    note: 'a warning for kernels of distributions that may have it carried back',
  },
  {
    id: 'GATE-IOMMUFD-LIBVIRT',
    severity: 'warning',
    note: 'which libvirt is in virt-launcher is not known from any input',
  },
  {
    id: 'GATE-PLUGINS-PCI',
    severity: 'error',
    rules: ['kubevirt/plugins-with-pci'],
    note: 'a warning: it takes a Plugin object too, which hostdev does not see',
  },
  { id: 'VGPU-RAMFB-MULTI', severity: 'error', rules: ['vm/several-ramfbs'] },
  {
    id: 'VGPU-DISPLAY-PCI',
    severity: 'error',
    rules: ['vm/display-on-pci'],
    note: 'a warning from KubeVirt 1.9 on: what QEMU does is not verified; the case of resource claims is not built',
  },
  {
    id: 'VGPU-DISPLAY-DEFAULT',
    severity: 'info',
    rules: ['vm/unwanted-display'],
    note: 'for VMs that say they have no graphics device',
  },
  { id: 'VM-TAG-IGNORED', severity: 'warning', rules: ['vm/ignored-tag'] },
  { id: 'NUMA-REQUIRES', severity: 'error', rules: ['vm/unpinned-numa'] },
  {
    id: 'NUMA-STRICT-TOPOLOGY',
    severity: 'error',
    rules: [
      'vm/device-without-numa-node',
      'vm/unaligned-numa',
      'node/weaker-topology-policy',
      'vm/devices-across-numa-nodes',
    ],
    note: 'a warning where kubelet does not align the two: which CPUs it gives is left to chance',
  },
  { id: 'CPU-PINNING-SHAPE', severity: 'error', rules: ['vm/broken-cpu-pinning'] },
  { id: 'MEM-HUGEPAGES', severity: 'error', rules: ['vm/uneven-hugepages'] },
  { id: 'MEM-OVERCOMMIT-VFIO', severity: 'warning', rules: ['vm/overcommitted-memory'] },
  {
    id: 'CAPACITY-MEM-OVERHEAD',
    severity: 'warning',
    rules: ['vm/short-memory'],
    note: 'of VMs that one node only can run, as far as inventories show its memory; what else runs there is not known',
  },
  { id: 'CAPACITY-OVERSUBSCRIBED', severity: 'error', rules: ['vm/oversubscribed-device', 'vm/unprovided-device'] },
  { id: 'ARCH-MISMATCH', severity: 'error', rules: ['vm/other-architecture'] },
  { id: 'ARCH-ARM64', severity: 'error', rules: ['vm/unsupported-on-arm64'] },
  { id: 'GRACE-PREREQ', severity: 'error', rules: ['vm/missing-grace-setting'] },
  { id: 'GRACE-MIXED-RESOURCE', severity: 'error', rules: ['pci/mixed-grace-ids'] },
  { id: 'CC-SHAPE', severity: 'error', rules: ['vm/broken-launch-security'] },
  { id: 'CC-LEGACY-VFIO', severity: 'warning', rules: ['vm/device-without-iommufd'] },
  { id: 'S390X-MDEV-MODEL', severity: 'error', rules: ['vm/s390x-device'] },
  { id: 'EVICT-BLOCKS-DRAIN', severity: 'error', rules: ['vm/blocked-drain'] },
  {
    id: 'MIG-VGPU-SHAPE',
    severity: 'error',
    rules: ['vm/blocked-drain'],
    note: 'a VM asks for migration by its evictionStrategy',
  },
  { id: 'UPDATE-NEVER', severity: 'info', rules: ['kubevirt/never-updated'] },
  { id: 'VM-CHANGE-RESTART', severity: 'info', rules: ['plan/needs-vm-restart'], note: PLAN },
  {
    id: 'VM-RUNSTRATEGY',
    severity: 'error',
    rules: ['vm/unclear-run-strategy', 'fleet/value-not-allowed'],
    note: 'a VM of a fleet that says nothing runs always',
  },
  { id: 'POOL-SHARED-CLAIM', severity: 'error', rules: ['vm/shared-claim'] },
  { id: 'IT-DEVICE-CONFLICT', severity: 'error', rules: ['vm/conflicting-instancetype'] },
  { id: 'VM-RESOURCES-DEVICE', severity: 'error', rules: ['vm/device-in-resources'] },
  { id: 'VM-SAME-DEVICE-BOTH-LISTS', severity: 'error', rules: ['vm/device-in-both-lists'] },
  { id: 'VM-ROOTCOMPLEX-SLOTS', severity: 'warning', rules: ['vm/crowded-root-bus'] },
  {
    id: 'EMIT-NO-EMPTY-LIST',
    severity: 'error',
    test: 'test/unit/manifests/virtual-machines.test.ts',
    note: 'hostdev writes no empty list',
  },
  { id: 'DRA-CLAIM-REF', severity: 'error', rules: ['vm/broken-claim'] },
  { id: 'DRA-CLAIM-SOURCE', severity: 'error', rules: ['vm/broken-claim'] },
  { id: 'DRA-CLAIM-NAME', severity: 'error', rules: ['vm/broken-claim'] },
  { id: 'DRA-PAIR-DUP', severity: 'error', rules: ['vm/broken-claim'] },
  { id: 'DRA-MIXED-GPUS', severity: 'error', rules: ['vm/mixed-allocation'] },
  { id: 'DRA-DEVICENAME-AND-CLAIM', severity: 'error', rules: ['vm/broken-claim'] },
  {
    id: 'DRA-COUNT',
    severity: 'error',
    test: 'test/unit/manifests/resource-claims.test.ts',
    note: 'hostdev writes a count of 1; claims of others are not looked at',
  },
  { id: 'DRA-METADATA-DRIVER', severity: 'error', note: DRA },
  {
    id: 'DRA-NV-CONFIG',
    severity: 'error',
    test: 'test/unit/manifests/resource-claims.test.ts',
    note: 'hostdev writes it; claims of others are not looked at',
  },
  { id: 'DRA-NV-GATES', severity: 'error', rules: ['resource/missing-driver-gate'] },
  { id: 'DRA-HOSTDEV-PRE19', severity: 'error', rules: ['vm/claimed-host-device'] },
  {
    id: 'HCO-DIRECT-PATCH',
    severity: 'error',
    rules: ['kubevirt/overwritten-object'],
    test: 'test/unit/manifests/hyperconverged.test.ts',
  },
  { id: 'HCO-DRA-DISABLED', severity: 'error', rules: ['kubevirt/claims-under-hyperconverged'] },
  { id: 'HCO-JSONPATCH-GATE', severity: 'error', rules: ['kubevirt/half-patched-gate'] },
  { id: 'HCO-GATE-UNREACHABLE', severity: 'error', rules: ['kubevirt/unreachable-gate'] },
  {
    id: 'CR-ATOMIC-LIST',
    severity: 'warning',
    rules: ['kubevirt/unseen-lists', 'kubevirt/displaced-entry', 'kubevirt/dropped-entry'],
    test: 'test/unit/manifests/kubevirt-patch.test.ts',
    note: 'an info: what the live object lists is kept where it is seen',
  },
  { id: 'CR-CONFIG-FALLBACK', severity: 'error', rules: ['kubevirt/rejected-configuration'] },
  { id: 'API-VERSION', severity: 'warning', rules: ['kubevirt/deprecated-version'], note: DUMPS },
];

/** The rule table of the facts about node preparation. */
export const NODE_ROWS: readonly TraceRow[] = [
  {
    id: 'NP001',
    severity: 'W',
    rules: ['node/ignored-argument'],
    note: 'an info: the guides say so, and it does no harm',
  },
  {
    id: 'NP002',
    severity: 'E',
    rules: ['node/missing-iommu-argument', 'node/unknown-cpu-vendor'],
    test: 'test/unit/manifests/node-preparation/openshift.test.ts',
    note: 'hostdev writes the argument; a warning for objects that no fleet wrote',
  },
  { id: 'NP003', severity: 'E', rules: ['node/iommu-off', 'node/inherited-iommu-off'] },
  { id: 'NP004', severity: 'W', rules: ['node/inert-argument'] },
  { id: 'NP005', severity: 'E', rules: ['node/passthrough-domain-with-snp'] },
  { id: 'NP006', severity: 'E', rules: ['node/unsafe-argument'] },
  {
    id: 'NP007',
    severity: 'W',
    rules: ['pci/denylisted-device'],
    note: 'the refusal; whether a guest needs shared work queues is not known from any input',
  },
  { id: 'NP010', severity: 'E', rules: ['node/split-id-list', 'node/id-list-argument', 'node/lost-id-list'] },
  { id: 'NP011', severity: 'E', rules: ['node/too-many-ids'] },
  {
    id: 'NP012',
    severity: 'E',
    rules: ['node/malformed-id', 'pci/malformed-selector'],
    note: 'the first for objects that no fleet wrote; hostdev writes well-formed ids only',
  },
  {
    id: 'NP013',
    severity: 'E',
    rules: ['pci/host-device-bound', 'pci/host-address-listed', 'mdev/parent-passed-through'],
  },
  {
    id: 'NP014',
    severity: 'W',
    rules: ['pci/unsafe-id-binding'],
    note: 'an error: hostdev binds by id only what is declared',
  },
  { id: 'NP015', severity: 'E', rules: ['pci/denylisted-device'] },
  { id: 'NP016', severity: 'E', rules: ['pci/bridge-selected'] },
  { id: 'NP017', severity: 'E', rules: ['pci/claimed-by-sriov-policy', 'pci/unsafe-id-binding'] },
  { id: 'NP018', severity: 'E', rules: ['mdev/parent-passed-through'] },
  { id: 'NP019', severity: 'E', rules: ['pci/unsafe-id-binding', 'mdev/parent-passed-through'] },
  { id: 'NP020', severity: 'E', rules: ['pci/unbound-group-member', 'pci/host-used-group-member'] },
  { id: 'NP021', severity: 'W (E when group known)', rules: ['pci/unbound-group-member'] },
  { id: 'NP022', severity: 'E', rules: ['pci/split-iommu-group'] },
  { id: 'NP023', severity: 'W', rules: ['pci/shared-iommu-group'] },
  { id: 'NP024', severity: 'E', rules: ['pci/malformed-address'] },
  {
    id: 'NP025',
    severity: 'W',
    test: 'test/unit/manifests/node-preparation/bind-program.test.ts',
    note: 'the program on the node compares the id before it touches a device',
  },
  {
    id: 'NP026',
    severity: 'W',
    rules: ['node/late-id-list', 'pci/unsafe-id-binding'],
    note: 'hostdev binds such classes by address; the first is for objects that no fleet wrote',
  },
  {
    id: 'NP027',
    severity: 'W',
    test: 'test/unit/manifests/node-preparation/installer.test.ts',
    note: 'vfio-pci is a module on OpenShift as far as is known (not verified); elsewhere the installer looks, and gives the ids on the command line',
  },
  {
    id: 'NP028',
    severity: 'W',
    rules: ['node/removed-module'],
    test: 'test/unit/manifests/node-preparation/openshift.test.ts',
    note: DUMPS,
  },
  { id: 'NP029', severity: 'W', rules: ['pci/console-gpu', 'pci/host-device-bound'] },
  { id: 'NP030', severity: 'E', rules: ['pci/variant-driver'] },
  { id: 'NP031', severity: 'E', rules: ['node/quoted-argument'] },
  { id: 'NP032', severity: 'W', rules: ['node/shared-argument', 'node/repeated-argument'] },
  { id: 'NP033', severity: 'W (plan-diff)', rules: ['plan/reorders-kernel-arguments'], note: PLAN },
  { id: 'NP034', severity: 'E', rules: ['node/split-hugepages'] },
  {
    id: 'NP040',
    severity: 'E',
    rules: ['node/unreadable-ignition'],
    test: 'test/unit/manifests/node-preparation/openshift.test.ts',
    note: DUMPS,
  },
  {
    id: 'NP041',
    severity: 'E',
    rules: ['node/irreconcilable-section'],
    note: `${DUMPS}; disks, file systems and RAID are a warning, since the installer takes them`,
  },
  {
    id: 'NP042',
    severity: 'E',
    rules: ['node/invalid-file-mode'],
    test: 'test/unit/manifests/node-preparation/openshift.test.ts',
    note: DUMPS,
  },
  {
    id: 'NP043',
    severity: 'E',
    rules: ['node/unread-file'],
    test: 'test/unit/manifests/node-preparation/openshift.test.ts',
    note: DUMPS,
  },
  {
    id: 'NP044',
    severity: 'E',
    rules: ['node/unclean-path'],
    test: 'test/unit/manifests/node-preparation/openshift.test.ts',
    note: DUMPS,
  },
  {
    id: 'NP045',
    severity: 'E',
    rules: ['node/contested-file', 'node/lost-id-list'],
    note: 'the second for lists of ids in objects that no fleet wrote: other files may be replaced on purpose',
  },
  {
    id: 'NP046',
    severity: 'E',
    rules: ['node/config-without-role'],
    test: 'test/unit/manifests/node-preparation/openshift.test.ts',
    note: DUMPS,
  },
  { id: 'NP047', severity: 'E', rules: ['node/reserved-name', 'node/generated-config'] },
  {
    id: 'NP048',
    severity: 'I',
    note: 'hostdev gives its objects names whose order does not matter; what others expect of theirs is not known',
  },
  { id: 'NP049', severity: 'W (plan-diff)', rules: ['plan/renames-machine-config'], note: PLAN },
  {
    id: 'NP050',
    severity: 'E / W >80 %',
    note: 'the rendered config is the cluster’s; what hostdev writes is a few kB, bounded by the number of nodes of a pool: belongs to the guarantees of issue 4',
  },
  {
    id: 'NP051',
    severity: 'E',
    rules: ['node/pool-without-worker'],
    test: 'test/unit/manifests/node-preparation/openshift.test.ts',
    note: DUMPS,
  },
  { id: 'NP052', severity: 'E', rules: ['node/in-two-pools', 'node/in-two-custom-pools'] },
  { id: 'NP053', severity: 'E', rules: ['node/control-plane'] },
  {
    id: 'NP054',
    severity: 'E',
    rules: ['node/unselected-kubelet-config'],
    test: 'test/unit/manifests/node-preparation/openshift.test.ts',
    note: DUMPS,
  },
  { id: 'NP055', severity: 'E', rules: ['node/invalid-kubelet-settings'] },
  { id: 'NP056', severity: 'E', rules: ['node/invalid-kubelet-settings'] },
  { id: 'NP057', severity: 'W', rules: ['node/invalid-kubelet-settings'] },
  {
    id: 'NP058',
    severity: 'W',
    note: 'whether 0 is meant as a freeze is not known; the loader takes counts and percentages',
  },
  { id: 'NP059', severity: 'I', rules: ['plan/reboots-pools-at-once'], note: PLAN },
  { id: 'NP060', severity: 'E', rules: ['node/change-without-reboot'] },
  {
    id: 'NP061',
    severity: 'E',
    rules: ['node/owned-configuration'],
    test: 'test/unit/manifests/node-preparation/openshift.test.ts',
    note: DUMPS,
  },
  { id: 'NP070', severity: 'W', rules: ['vm/blocked-drain'], note: 'an error, as in the other table' },
  { id: 'NP071', severity: 'E', rules: ['kubevirt/overwritten-object'], note: DUMPS },
  {
    id: 'NP072',
    severity: 'E',
    rules: ['kubevirt/unseen-lists'],
    test: 'test/unit/manifests/kubevirt-patch.test.ts',
    note: 'an info: what is seen is kept',
  },
  { id: 'NP073', severity: 'E', rules: ['kubevirt/misplaced-lists'], note: DUMPS },
  { id: 'NP074', severity: 'E', rules: ['pci/duplicate-selector'] },
  { id: 'NP075', severity: 'E', rules: ['resource/invalid-name', 'resource/long-name'] },
  { id: 'NP076', severity: 'E', rules: ['resource/conflicting-provider', 'resource/unchecked-provider'] },
  {
    id: 'NP077',
    severity: 'W',
    note: 'hostdev binds before kubelet starts; binding by a DaemonSet is not built (issue 4)',
  },
  { id: 'NP078', severity: 'W', rules: ['node/missing-vfio-cdev'] },
  {
    id: 'NP080',
    severity: 'E',
    test: 'test/unit/manifests/node-preparation/openshift.test.ts',
    note: 'every such object carries both protections',
  },
  {
    id: 'NP081',
    severity: 'W',
    test: 'test/unit/manifests/gitops.test.ts',
    note: 'every stage behind node preparation has a gate',
  },
  {
    id: 'NP082',
    severity: 'W',
    test: 'test/unit/manifests/gitops.test.ts',
    note: 'gates are Jobs, which kstatus understands; timeouts come from the pools',
  },
  {
    id: 'NP083',
    severity: 'E',
    test: 'test/unit/manifests/gitops.test.ts',
    note: 'nothing is substituted without `postBuild`, which is not written; the programs of Jobs say `substitute: disabled` besides',
  },
  { id: 'NP084', severity: 'E', test: 'test/unit/manifests/gitops.test.ts', note: 'neither is ever written' },
  {
    id: 'NP085',
    severity: 'I',
    test: 'test/unit/manifests/gitops.test.ts',
    note: 'every stage has `SkipDryRunOnMissingResource`',
  },
  {
    id: 'NP090',
    severity: 'E',
    test: 'test/unit/manifests/node-preparation/talos.test.ts',
    note: 'arguments go into the schematic; `machine.install.extraKernelArgs` is never written',
  },
  {
    id: 'NP091',
    severity: 'E',
    test: 'test/unit/manifests/node-preparation/talos.test.ts',
    note: 'the modules are loaded wherever anything is bound',
  },
  { id: 'NP092', severity: 'E', rules: ['node/platform-version'] },
  { id: 'NP093', severity: 'E', rules: ['node/harvester'] },
  {
    id: 'NP094',
    severity: 'E',
    rules: ['node/harvester'],
    note: 'hostdev writes no claims; what is in a dump was made by the cluster',
  },
  { id: 'NP095', severity: 'E', rules: ['node/harvester'] },
  {
    id: 'NP096',
    severity: 'W',
    rules: ['node/lost-guarantee', 'plan/needs-reinstallation'],
    note: 'an info of the fleet; what a change reaches is a hazard of `hostdev plan`',
  },
  { id: 'NP097', severity: 'E', rules: ['node/mixed-gpu-workloads', 'pci/second-binder'] },
  { id: 'NP098', severity: 'E', rules: ['node/unknown-gpu-workload'] },
  { id: 'NP099', severity: 'E', rules: ['node/unmatched-feature-rule'], note: DUMPS },
  {
    id: 'NP100',
    severity: 'E',
    test: 'test/unit/manifests/node-preparation/installer.test.ts',
    note: 'the drop-in adds to what is there, and its name sorts behind those of cloud images',
  },
  {
    id: 'NP101',
    severity: 'E',
    test: 'test/unit/manifests/device-plugins.test.ts',
    note: 'the namespace of NVIDIA’s plugin carries the label; node preparation by a DaemonSet is not built',
  },
  { id: 'NP102', severity: 'E', note: 'node preparation by a DaemonSet is not built (issue 4)' },
];

/** Rules that no row asks for, and why they are there. */
export const OWN_RULES: Readonly<Record<string, string>> = {
  'resource/unknown-device-plugin': 'facts 41 and 62: a resource that nobody serves',
  'resource/unpinned-image': 'issue 5: the image of a device plugin is pinned',
  'resource/unused-device-plugin': 'fact 41: a device that does not name its plugin is served by KubeVirt',
  'node/long-node-name':
    'a label that the API server refuses, and the host name of a node that only the live object shows',
  'resource/whole-host': 'a device plugin that sees the whole file system of its node',
  'vm/broken-data-volume-template': 'what virt-api refuses of data volume templates, and no schema names',
  'vm/broken-expression': 'conditions of a claim that the API server cannot read',
  'vm/broken-probe': 'what virt-api refuses of probes, and no schema names',
  'vm/idle-numa-request': 'issue 5: a NUMA request that reaches no kubelet',
  'vm/unpaired-network': 'what virt-api refuses of networks and interfaces, and no schema names',
  'resource/repeated-plugin-entry': 'what the API server refuses of a DaemonSet that the fleet describes',
  'vm/larger-than-numa-node': 'fact F51: what kubelet aligns comes from one NUMA node',
  'vm/device-without-numa-hint': 'fact 39: a device without NUMA node is no hint to kubelet',
  'vm/contradicted-numa': 'facts 71 and 73: what `numa` needs of a VM',
  'vm/pcie-topology-on-old-kubevirt': 'fact 75 and part 0: the gate is first registered in 1.8',
  'vm/unmet-preference': 'fact 94, and what preferences require',
  'gitops/credentials-in-url': 'no secret may stand in the output',
  'pci/unverified-binding': 'fact 103: Talos binds whatever is at the address',
  'node/changed-config': 'facts 12 and 15: another order or content reboots the pool',
  'node/unseen-config': 'DESIGN: adopting an object keeps it as it is',
  'node/uncounted-vgpus': 'what the program on the node refuses at every boot',
  'node/uncarried-effect': 'DESIGN: a back end that cannot carry an effect refuses',
  'vm/unmatched-selector': 'fact 92: KubeVirt refuses the object',
  'vm/invalid-metadata': 'labels and annotations that the API server refuses',
  'vm/oversized-claim': 'conditions of a claim that the API server refuses',
  'vm/refused-value': 'values that virt-api refuses, and no schema names',
  'kubevirt/stray-api-version': 'a statement that does nothing',
  'kubevirt/turned-off-entry': 'what somebody else turned off',
  'kubevirt/other-version': 'every rule and prediction is of one release',
  'mdev/absent-parent': 'the inventory contradicts the declaration',
  'pci/bound-claimed-device': 'a claimed device is bound by its driver',
  'resource/claim-on-old-release': 'claims came with KubeVirt 1.6 and Kubernetes 1.32',
  'usb/interchangeable-units': 'KubeVirt knows no serial number and no port',
  'vm/claim-without-driver': 'what is claimed needs a driver that understands it',
  'vm/unguaranteed-address': 'a device plugin cannot be told an address',
  'mdev/too-many-instances': 'the inventory contradicts the declaration',
  'mdev/two-makers': 'mediated devices of a node have one owner',
  'mdev/unmade-gpu-instance': 'a vGPU backed by MIG needs what virt-handler does not make',
  'pci/second-vgpu-type': 'virtual functions are permitted by their id, whatever their type',
  'pci/too-many-virtual-functions': 'the inventory contradicts the declaration',
  'node/conflicting-setting': 'two pools of one machine config pool',
  'node/duplicate-product-uuid': 'rows of the binding table are found by it',
  'node/empty-pool': 'a declaration that does nothing',
  'node/invalid-label': 'a statement that no Node meets',
  'node/mismatched-cpu-vendor': 'the inventory contradicts the declaration',
  'node/shared-config-name': 'two objects of one name',
  'node/undeclared-members': 'who else is drained and rebooted',
  'node/unidentified-node': 'rows of the binding table are found by product UUID',
  'node/unknown-device': 'a name that leads nowhere',
  'node/unlisted-node': 'a name that leads nowhere',
  'node/without-inventory': 'what is not known',
  'pci/absent-device': 'the inventory contradicts the declaration',
  'pci/behind-vmd': 'issue 3, point 6',
  'pci/function-listed-twice': 'one function, two declarations',
  'pci/mismatched-address': 'the inventory contradicts the declaration',
  'pci/reserved-region': 'issue 3, point 6',
  'pci/shared-nvswitch': 'issue 3, point 6',
  'pci/unknown-address': 'the inventory contradicts the declaration',
  'pci/unknown-host-use': 'the safety of disks and NICs (issue 2, point 7)',
  'pci/unmatched-host-use': 'a protection that protects nothing',
  'resource/unused-device': 'permitted for nobody',
  'vm/impossible-placement': 'no node satisfies what the VM says of its place',
  'vm/scattered-devices': 'no node has all devices of a VM',
  'vm/unknown-node': 'a name that leads nowhere',
  'vm/unknown-pool': 'a name that leads nowhere',
};

/** The page by its path from the repository's root. */
export function generatedFiles(): Map<string, string> {
  return new Map([['docs/rules/trace.md', tracePage()]]);
}

function tracePage(): string {
  const codeBySlug = new Map(PROBLEMS.map(({ slug, code }) => [slug, code]));
  const link = (slug: string): string => `[${slug}](${slug}.md) ${codeBySlug.get(slug) ?? ''}`;
  const own = Object.entries(OWN_RULES).sort(([a], [b]) => compareNatural(a, b));
  const judged = RULES.filter(({ manifests }) => manifests !== undefined).map(({ slug }) => slug);
  return `<!-- generated by \`npm run generate\`; do not edit -->

# Where the rules come from

The facts about KubeVirt and about node preparation end in a table of rules each. This page says what became of every row: the rules that find it, the test
that shows that hostdev does not write such a thing, or why there is no rule. Severities are those of the tables: E error, W warning, I info.

## KubeVirt

${table(KUBEVIRT_ROWS, link)}

## Node preparation

${table(NODE_ROWS, link)}

## Rules of our own

| rule | for |
| --- | --- |
${own.map(([slug, why]) => `| ${link(slug)} | ${why} |`).join('\n')}

## Rules that judge objects that no fleet wrote

\`hostdev check --manifests\` runs ${judged.length} of the ${RULES.length} rules: what the others look at is in a fleet only.

${judged.map((slug) => `- ${link(slug)}`).join('\n')}
`;
}

function table(rows: readonly TraceRow[], link: (slug: string) => string): string {
  const lines = rows.map(({ id, severity, rules = [], test, note }) => {
    const shown = test === undefined ? [] : [`test: \`${test}\``];
    const words = [...rules.map(link), ...shown].join('<br>');
    return `| ${id} | ${severity} | ${words} | ${note ?? ''} |`;
  });
  return `| row | | rules and tests | |\n| --- | --- | --- | --- |\n${lines.join('\n')}`;
}
