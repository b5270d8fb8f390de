import type { Problem, SourceLink } from '../diagnostics';

const SCHEMA: SourceLink = {
  claim: 'the format of a fleet is a JSON Schema, `schema/fleet.schema.json`, printed by `hostdev schema`',
  url: 'https://json-schema.org/draft/2020-12/json-schema-core',
};
const KUBERNETES_NAMES: SourceLink = {
  claim: 'names of objects are DNS-1123 names in lower case',
  url: 'https://github.com/kubernetes/kubernetes/blob/v1.33.0/staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go',
};
const VM_ADMISSION: SourceLink = {
  claim: 'a VirtualMachine has a template and exactly one of `running` and `runStrategy`; an instance has neither',
  url: 'https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-api/webhooks/validating-webhook/admitters/vms-admitter.go',
};

/** A file that is something else. */
export const NOT_A_FLEET: Problem = {
  code: 'SCH101',
  slug: 'fleet/not-a-fleet',
  severity: 'error',
  summary: 'a document is not a fleet',
  why: `
A fleet begins with \`apiVersion: hostdev/v1alpha1\` and \`kind: Fleet\`. Anything else may use the same words for other things, so
nothing of it is read.`,
  sources: [SCHEMA],
};

/** A key that the format does not have. */
export const UNKNOWN_KEY: Problem = {
  code: 'SCH102',
  slug: 'fleet/unknown-key',
  severity: 'error',
  summary: 'a key is not one that a fleet has there',
  why: `
A key that nobody reads does nothing: a misspelt \`hostUse\` protects no disk. So every key must be known.`,
  sources: [SCHEMA],
};

/** A key that must be there. */
export const MISSING_KEY: Problem = {
  code: 'SCH103',
  slug: 'fleet/missing-key',
  severity: 'error',
  summary: 'a key is missing that has no default',
  why: `
Some things cannot be guessed: which nodes a pool has, which release of KubeVirt the cluster runs.`,
  sources: [SCHEMA],
};

/** A list where text goes, and the like. */
export const WRONG_TYPE: Problem = {
  code: 'SCH104',
  slug: 'fleet/wrong-type',
  severity: 'error',
  summary: 'a value is of another type than its key takes',
  why: `
A value of another type is not turned into the right one, since there is more than one way to do so.`,
  sources: [SCHEMA],
};

/** Digits that YAML takes for a number. */
export const UNQUOTED_TEXT: Problem = {
  code: 'SCH105',
  slug: 'fleet/unquoted-text',
  severity: 'error',
  summary: 'unquoted text is read as a number or a boolean',
  why: `
YAML reads unquoted digits as a number: \`0010\` is 10, \`1e10\` is 10000000000, and the version \`4.20\` is 4.2. What was typed is
lost before anybody sees it, so ids, versions, and labels made of digits need quotes.`,
  sources: [
    { claim: 'what YAML 1.2 reads as a number', url: 'https://yaml.org/spec/1.2.2/#1032-tag-resolution' },
    { claim: 'what YAML 1.1 reads as a number', url: 'https://yaml.org/type/int.html' },
  ],
};

/** A word that is none of those allowed. */
export const VALUE_NOT_ALLOWED: Problem = {
  code: 'SCH106',
  slug: 'fleet/value-not-allowed',
  severity: 'error',
  summary: 'a value is none of those that its key takes',
  why: `
Where a key takes one of a few words, another word means nothing; it is not replaced by a default.`,
  sources: [SCHEMA],
};

/** A word of the format that comes later. */
export const NOT_SUPPORTED: Problem = {
  code: 'SCH107',
  slug: 'fleet/not-supported',
  severity: 'error',
  summary: 'this version of hostdev does not support a part of the format',
  why: `
The word is one that the format knows, and this version cannot compile it. Leaving it out in silence would give a cluster that
differs from what the fleet says.`,
  sources: [SCHEMA],
};

/** A value whose form is wrong. */
export const MALFORMED_VALUE: Problem = {
  code: 'SCH108',
  slug: 'fleet/malformed-value',
  severity: 'error',
  summary: 'a value does not have the form that its key takes',
  why: `
Names become names of Kubernetes objects, of files, and of rows in the table on the node, and the API server refuses what is no
DNS name. Versions and ids are compared as they stand.`,
  sources: [SCHEMA, KUBERNETES_NAMES],
};

/** One name twice in one list. */
export const DUPLICATE_ITEM: Problem = {
  code: 'SCH109',
  slug: 'fleet/duplicate-item',
  severity: 'error',
  summary: 'a list names the same thing twice',
  why: `
The second mention adds nothing, and in most cases another name was meant.`,
  sources: [SCHEMA],
};

/** Two keys of which only one may be there. */
export const CONFLICTING_KEYS: Problem = {
  code: 'SCH110',
  slug: 'fleet/conflicting-keys',
  severity: 'error',
  summary: 'two keys exclude each other',
  why: `
A device is PCI functions, or mediated devices, or USB devices; a VM has its spec in the fleet or in a file of its own. With both,
one of them would be dropped.`,
  sources: [SCHEMA],
};

/** A key in the wrong place. */
export const MISPLACED_KEY: Problem = {
  code: 'SCH111',
  slug: 'fleet/misplaced-key',
  severity: 'error',
  summary: 'a key stands where it has no meaning',
  why: `
An included file is shared by fleets, so it cannot say which cluster they are written for or where their inventory is. A
VirtualMachineInstance has no \`runStrategy\`, \`instancetype\`, \`preference\`, or \`dataVolumeTemplates\`: these are fields of a
VirtualMachine.`,
  sources: [SCHEMA, VM_ADMISSION],
};

/** One object for two VMs. */
export const DUPLICATE_VM_NAME: Problem = {
  code: 'SCH112',
  slug: 'fleet/duplicate-vm-name',
  severity: 'error',
  summary: 'two VMs have the same name in one namespace',
  why: `
Both would be written as one object, and the one that is applied last would replace the other. A VirtualMachine and an instance of
its own name collide as well: the VirtualMachine runs as an instance of that name.`,
  sources: [
    {
      claim: 'the instance of a VirtualMachine has its name',
      url: 'https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-controller/watch/vm/vm.go',
    },
  ],
};

/** A file that is no schematic of Image Factory. */
export const UNREADABLE_SCHEMATIC: Problem = {
  code: 'SCH180',
  slug: 'fleet/unreadable-schematic',
  severity: 'error',
  summary: 'the file that `talosSchematic` names is no schematic',
  why: `
Talos takes its kernel arguments from the schematic that its image is made of. hostdev reads yours and adds only arguments to it; what it
cannot read it cannot keep.`,
  sources: [
    {
      claim: 'what a schematic is',
      url: 'https://github.com/siderolabs/image-factory/blob/v0.6.0/pkg/schematic/schematic.go',
    },
  ],
};

/** The same name in two files. */
export const INCLUDE_CLASH: Problem = {
  code: 'SCH120',
  slug: 'fleet/include-clash',
  severity: 'error',
  summary: 'two files declare the same name',
  why: `
Included files are merged by name. Neither declaration wins over the other, so that the order of the files means nothing.`,
  sources: [SCHEMA],
};

/** Files that include each other. */
export const INCLUDE_CYCLE: Problem = {
  code: 'SCH121',
  slug: 'fleet/include-cycle',
  severity: 'error',
  summary: 'a file includes itself, directly or through others',
  why: `
Every file is read once. A file that includes itself is in most cases a path that was meant for another file.`,
  sources: [SCHEMA],
};

/** A path that leads nowhere. */
export const MISSING_FILE: Problem = {
  code: 'SCH122',
  slug: 'fleet/missing-file',
  severity: 'error',
  summary: 'a file or folder cannot be read',
  why: `
Paths are relative to the file that holds them. What a missing file would have said is not known, so nothing is compiled without
it.`,
  sources: [SCHEMA],
};

/** A node with two inventories. */
export const DUPLICATE_INVENTORY: Problem = {
  code: 'SCH123',
  slug: 'fleet/duplicate-inventory',
  severity: 'error',
  summary: 'two inventory files describe the same node',
  why: `
Only one of them can be true, and which functions are bound depends on it. The cause is in most cases a file that was copied and
not edited.`,
  sources: [SCHEMA],
};

/** An inventory under another name than its node's. */
export const MISNAMED_INVENTORY: Problem = {
  code: 'SCH124',
  slug: 'fleet/misnamed-inventory',
  severity: 'error',
  summary: 'an inventory file is named for another node than it describes',
  why: `
Either the file name or the name inside is wrong, and the one decides which node's hardware this is. \`hostdev import\` writes
\`NODE.yaml\`.`,
  sources: [SCHEMA],
};

/** A file of live objects that holds something else. */
export const NOT_AN_OBJECT: Problem = {
  code: 'SCH125',
  slug: 'fleet/not-an-object',
  severity: 'error',
  summary: 'a document is not a Kubernetes object',
  why: `
The folder of live objects and the manifests of VMs hold objects as \`kubectl get -o yaml\` prints them: \`apiVersion\`, \`kind\`, and
\`metadata.name\`, or a \`List\` of such objects. What is something else says nothing about the cluster.`,
  sources: [
    {
      claim: 'every object has apiVersion, kind and metadata',
      url: 'https://github.com/kubernetes/community/blob/d9bfbf251699b2c6877a4039d4f571bbafe22d68/contributors/devel/sig-architecture/api-conventions.md#types-kinds',
    },
  ],
};

/** One live object twice. */
export const DUPLICATE_OBJECT: Problem = {
  code: 'SCH126',
  slug: 'fleet/duplicate-object',
  severity: 'error',
  summary: 'the folder of live objects holds one object twice',
  why: `
The two were taken at different times, and which one the cluster has now is not known. What others own is kept as it stands in
them, so the older one would undo their changes.`,
  sources: [SCHEMA],
};

/** A manifest that does not fit its entry. */
export const MISMATCHED_MANIFEST: Problem = {
  code: 'SCH127',
  slug: 'fleet/mismatched-manifest',
  severity: 'error',
  summary: 'the manifest of a VM is not the object that the fleet says',
  why: `
An entry of \`virtualMachines\` is one object: a VirtualMachine, an instance, or a pool or replica set of them. A file that holds another kind, or an
object of another name, is in most cases not the file that was meant.`,
  sources: [VM_ADMISSION],
};

/** A file of manifests that is a template of them. */
export const UNREAD_TEMPLATE: Problem = {
  code: 'SCH140',
  slug: 'fleet/unread-template',
  severity: 'info',
  summary: 'files among the manifests are templates, and are not looked at',
  why: `
A chart's template with \`{{ }}\` is no YAML until somebody fills it in. What it would make is not known; render it first
(\`helm template\`) and check the result.`,
  sources: [
    { claim: 'templates are filled in by Helm', url: 'https://helm.sh/docs/chart_template_guide/getting_started/' },
  ],
};

/** A pattern that names no file. */
export const UNMATCHED_PATTERN: Problem = {
  code: 'SCH141',
  slug: 'fleet/unmatched-pattern',
  severity: 'warning',
  summary: 'a pattern under `manifests` matches no file',
  why: `
\`manifests\` brings the VMs of others into the check. A pattern that matches nothing checks nothing, and in most cases names a folder
that has moved. Patterns are relative to the file that holds them; \`*\` stands for text within one name, \`**\` for any number of
folders.`,
  sources: [SCHEMA],
};

/** A folder without anything to judge. */
export const WITHOUT_OBJECTS: Problem = {
  code: 'SCH142',
  slug: 'fleet/without-objects',
  severity: 'warning',
  summary: 'a folder of manifests holds nothing that the rules look at',
  why: `
\`hostdev check --manifests\` reads YAML and JSON files below a folder and looks at KubeVirt and HyperConverged objects, VMs, MachineConfigs and pools, Nodes,
and the objects of operators that handle devices. A folder without any has nothing to find fault with, and is in most cases the wrong one.`,
  sources: [SCHEMA],
};

/** Everything that loading a fleet can find besides what its YAML and its inventories are found to be, by code. */
export const LOAD_PROBLEMS: readonly Problem[] = [
  NOT_A_FLEET,
  UNKNOWN_KEY,
  MISSING_KEY,
  WRONG_TYPE,
  UNQUOTED_TEXT,
  VALUE_NOT_ALLOWED,
  NOT_SUPPORTED,
  MALFORMED_VALUE,
  DUPLICATE_ITEM,
  CONFLICTING_KEYS,
  MISPLACED_KEY,
  DUPLICATE_VM_NAME,
  UNREADABLE_SCHEMATIC,
  INCLUDE_CLASH,
  INCLUDE_CYCLE,
  MISSING_FILE,
  DUPLICATE_INVENTORY,
  MISNAMED_INVENTORY,
  NOT_AN_OBJECT,
  DUPLICATE_OBJECT,
  MISMATCHED_MANIFEST,
  UNREAD_TEMPLATE,
  UNMATCHED_PATTERN,
  WITHOUT_OBJECTS,
];
