import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { jsonAt as at, type JsonObject, type JsonValue } from '../../../src/model';
import { emitYaml } from '../../../src/yaml';
import { compiled, type Compiled } from './compiled';

const fleetOf = (gitops: string, rest = ''): string => `
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: lab }
spec:
  cluster:
    nodePlatform: openshift
    nodePlatformVersion: "4.20"
    kubevirt: { version: "1.6" }
    gitops: { repoURL: "https://git.example.com/platform/fleet.git", ${gitops} }
  devices:
    t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/t4, externalResourceProvider: true, devicePlugin: nvidia }
    qat: { pci: ["8086:6f54"], resourceName: intel.com/qat }
  nodePools:
    gpu:
      nodes: [n1, n2, n3]
      cpuVendor: intel
      maxUnavailable: 2
      nodeSelector: { gpu: "yes" }
      passthrough:
        - { device: t4, addresses: ["0000:3b:00.0"] }
        - { device: qat, addresses: ["0000:05:00.0"] }
  virtualMachines:
    vm: { pool: gpu, gpus: [{ name: gpu1, device: t4 }], spec: { domain: { devices: {}, memory: { guest: 4Gi } } } }
${rest}`;

const TOOLS = ['argocd', 'flux'] as const;
const filesOf = ({ set }: Compiled): Map<string, JsonObject> =>
  new Map(set.manifests.map(({ path, content }) => [path, content]));
const contentAt = (one: Compiled, path: string): JsonObject => {
  const content = filesOf(one).get(path);
  if (content === undefined) throw new Error(`no ${path} among ${[...filesOf(one).keys()].join(', ')}`);
  return content;
};
const textAt = (content: JsonObject, ...path: readonly string[]): string => {
  const text = at(content, ...path);
  if (typeof text !== 'string') throw new Error(`no text at ${path.join('/')}`);
  return text;
};
const inputOf = (one: Compiled, stage: string): string =>
  textAt(contentAt(one, `gitops/gates/${stage}/configmap.gate-${stage}.yaml`), 'data', 'input');

describe.each(TOOLS)('with %s', (tool) => {
  const one = compiled(fleetOf(`tool: ${tool}`));

  it('a gate stands before every stage that needs another one', () => {
    expect(inputOf(one, 'kubevirt')).toMatch(
      /^config 100-gpu-iommu [0-9a-f]{64}\nconfig 100-gpu-vfiopci [0-9a-f]{64}\npool gpu 3 100-gpu-iommu 100-gpu-vfiopci\n$/,
    );
    expect(inputOf(one, 'virtual-machines')).toContain('pool gpu 3 ');
    expect([...filesOf(one).keys()].some((path) => path.startsWith('gitops/gates/node-prep'))).toBe(false);
  });

  it('a MachineConfig carries the hash that its gate waits for', () => {
    const config = contentAt(one, 'node-prep/gpu/machineconfig.100-gpu-iommu.yaml');
    const hash = textAt(config, 'metadata', 'annotations', 'hostdev/spec-sha256');
    expect(inputOf(one, 'kubevirt')).toContain(`config 100-gpu-iommu ${hash}
`);
  });

  it('gates may get what they read, by name, and nothing else', () => {
    expect(at(contentAt(one, 'gitops/access/clusterrole.hostdev-lab-gate.yaml'), 'rules')).toEqual([
      {
        apiGroups: ['machineconfiguration.openshift.io'],
        resources: ['machineconfigs'],
        resourceNames: ['100-gpu-iommu', '100-gpu-vfiopci'],
        verbs: ['get'],
      },
      {
        apiGroups: ['machineconfiguration.openshift.io'],
        resources: ['machineconfigpools'],
        resourceNames: ['gpu'],
        verbs: ['get'],
      },
    ]);
  });

  it('Nodes get the labels of their pool and of their MachineConfigPool', () => {
    const input = at(contentAt(one, 'gitops/node-labels/configmap.label-nodes.yaml'), 'data', 'input');
    expect(input).toBe(
      `record hostdev/lab-labels\npools node-role.kubernetes.io/gpu\n${['n1', 'n2', 'n3'].map((node) => `node ${node} node-role.kubernetes.io/gpu= gpu=yes\n`).join('')}`,
    );
  });

  it('no Node keeps the label of another custom pool of the fleet: two of them stop its updates', () => {
    const two = compiled(
      fleetOf(`tool: ${tool}`).replace(
        'nodePools:\n',
        'nodePools:\n    edge: { nodes: [e1], cpuVendor: intel, passthrough: [{ device: qat, addresses: ["0000:05:00.0"] }] }\n',
      ),
    );
    const input = textAt(contentAt(two, 'gitops/node-labels/configmap.label-nodes.yaml'), 'data', 'input');
    expect(input).toContain('\npools node-role.kubernetes.io/edge node-role.kubernetes.io/gpu\n');
    expect(input).toContain('\nnode e1 node-role.kubernetes.io/edge=\n');
    expect(input).toContain('\nnode n1 node-role.kubernetes.io/gpu= gpu=yes\n');
  });

  it('a Node that the fleet has no pool for keeps what it has', () => {
    const seen = compiled(fleetOf(`tool: ${tool}`).replace('spec:\n', 'spec:\n  inventory: inventory/\n'), {
      'inventory/stray.yaml': INVENTORY.replace('name: n1', 'name: stray'),
    });
    const input = textAt(contentAt(seen, 'gitops/node-labels/configmap.label-nodes.yaml'), 'data', 'input');
    expect(input).not.toContain('stray');
  });

  it('a gate waits for what the operator makes of a KubeletConfig', () => {
    const kubelet = compiled(
      fleetOf(`tool: ${tool}`).replace('maxUnavailable: 2', 'maxUnavailable: 2\n      kubelet: { maxPods: 100 }'),
    );
    const object = contentAt(kubelet, 'node-prep/gpu/kubeletconfig.100-gpu-kubelet.yaml');
    const hash = textAt(object, 'metadata', 'annotations', 'hostdev/spec-sha256');
    expect(inputOf(kubelet, 'kubevirt')).toContain(`\nkubelet 100-gpu-kubelet ${hash}\npool gpu 3 `);
    expect(JSON.stringify(contentAt(kubelet, 'gitops/access/clusterrole.hostdev-lab-gate.yaml'))).toContain(
      '"resources":["kubeletconfigs"],"resourceNames":["100-gpu-kubelet"],"verbs":["get"]',
    );
  });

  it('a gate waits for a vGPU of a card that is there, however many it makes', () => {
    const vgpus = compiled(
      fleetOf(`tool: ${tool}`)
        .replace('spec:\n', 'spec:\n  inventory: inventory/\n')
        .replace(
          'devices:\n',
          'devices:\n    q: { mdev: { name: GRID T4-1Q, typeId: nvidia-222, parent: "10de:1eb8" }, resourceName: nvidia.com/GRID_T4-1Q }\n',
        )
        .replace(
          'nodePools:\n',
          'nodePools:\n    vgpu: { nodes: [v1], cpuVendor: intel, mediatedDevices: [{ device: q, createdBy: kubevirt }] }\n',
        ),
      { 'inventory/v1.yaml': INVENTORY.replace('name: n1', 'name: v1').replace('driver: vfio-pci', 'driver: nvidia') },
    );
    expect(inputOf(vgpus, 'virtual-machines')).toContain('node v1 nvidia.com/GRID_T4-1Q 1\n');
  });

  it('what a fleet states of a VM is applied: no difference in it is ignored', () => {
    const ignored = [...filesOf(one)].flatMap(([, content]) => at(content, 'spec', 'ignoreDifferences') ?? []);
    expect(JSON.stringify(ignored)).not.toMatch(/runStrategy|running|replicas/);
  });

  it('the note names only what is written', () => {
    for (const platform of ['openshift', 'linux', 'talos', 'ignition', 'cloud-init']) {
      const fleet = fleetOf(`tool: ${tool}`).replace('nodePlatform: openshift', `nodePlatform: ${platform}`);
      const other = compiled(
        platform === 'openshift' ? fleet : fleet.replace(/ {4}nodePlatformVersion.*\n| {6}maxUnavailable.*\n/g, ''),
      );
      const note = other.text('gitops/apply-by-hand/README.md');
      const names = [...filesOf(other).values()].map((content) => at(content, 'metadata', 'name'));
      for (const [, name] of note.matchAll(/(?:app sync|source git|GitRepository) `?(lab-[a-z-]+)/g))
        expect([platform, names]).toEqual([platform, expect.arrayContaining([name])]);
      const paths = [...other.set.manifests, ...other.set.files].map(({ path }) => `dist/${path}`);
      for (const [, path = ''] of note.matchAll(/`[^`]*(dist\/[^` ]+)[^`]*`/g))
        expect([platform, path, paths.some((each) => each.startsWith(path))]).toEqual([platform, path, true]);
      expect([platform, note.includes('dist/node-prep/gpu/apply-by-hand/README.txt')]).toEqual([
        platform,
        platform !== 'openshift',
      ]);
    }
  });

  it('Nodes that no tool prepares get the labels of their pool all the same', () => {
    const linux = compiled(
      fleetOf(`tool: ${tool}`)
        .replace('nodePlatform: openshift', 'nodePlatform: linux')
        .replace(/ {4}nodePlatformVersion.*\n| {6}maxUnavailable.*\n/g, ''),
    );
    const input = at(contentAt(linux, 'gitops/node-labels/configmap.label-nodes.yaml'), 'data', 'input');
    expect(input).toBe('record hostdev/lab-labels\nnode n1 gpu=yes\nnode n2 gpu=yes\nnode n3 gpu=yes\n');
    if (tool === 'argocd') {
      expect(linux.text('gitops/argocd/steps/kubevirt/kustomization.yaml')).toContain('../../../node-labels');
    } else {
      expect(at(contentAt(linux, 'gitops/flux/kustomization.lab-kubevirt.yaml'), 'spec', 'dependsOn')).toEqual([
        { name: 'lab-node-labels' },
      ]);
    }
  });

  it('every pod keeps to the strictest level', () => {
    const jobs = [...filesOf(one).values()].filter(({ kind }) => kind === 'Job');
    expect(jobs).toHaveLength(4);
    for (const job of jobs) {
      const pod = at(job, 'spec', 'template', 'spec');
      expect(pod).toMatchObject({
        restartPolicy: 'OnFailure',
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: { drop: ['ALL'] },
              readOnlyRootFilesystem: true,
            },
          },
        ],
      });
    }
  });

  it('nothing is removed whose removal reboots nodes, uninstalls KubeVirt or deletes VMs', () => {
    const text = JSON.stringify([...filesOf(one)]);
    expect(/Replace=true|Force=true|"force"|resources-finalizer/.exec(text)).toBeNull();
    for (const [path, content] of filesOf(one)) {
      if (content['kind'] === 'Kustomization' && path.includes('flux')) {
        const isOurs = /gate-|device-plugins|node-labels/.test(path);
        expect([path, at(content, 'spec', 'prune')]).toEqual([path, isOurs]);
      }
      if (content['kind'] === 'Application' && /node-prep|kubevirt|virtual-machines/.test(path)) {
        expect([path, at(content, 'spec', 'syncPolicy', 'automated', 'prune') ?? false]).toEqual([path, false]);
      }
    }
  });

  it('no address of a repository is taken into a name or a path', () => {
    expect([...filesOf(one).keys()].every((path) => /^[A-Za-z0-9._/-]+$/.test(path))).toBe(true);
  });

  it('the note speaks of alerts only where there are any', () => {
    const note = one.text('gitops/apply-by-hand/README.md');
    expect(note).toContain('by hand');
    expect(note.includes('gitops/alerts')).toBe([...filesOf(one).keys()].some((path) => path.includes('/alerts/')));
  });

  it('an alert speaks of what is predicted', () => {
    const withCounts = compiled(
      fleetOf(`tool: ${tool}`)
        .replace('nodes: [n1, n2, n3]', 'nodes: [n1]')
        .replace('spec:\n', 'spec:\n  inventory: inventory/\n'),
      { 'inventory/n1.yaml': INVENTORY },
    );
    const rules = at(
      contentAt(withCounts, 'gitops/alerts/prometheusrule.lab-host-devices.yaml'),
      'spec',
      'groups',
      0,
      'rules',
    );
    expect((rules as JsonObject[]).map((rule) => rule['expr'])).toEqual([
      '1 - (max(kube_node_status_allocatable{node="n1",resource="intel_com_qat"}) or vector(0)) > 0',
      '1 - (max(kube_node_status_allocatable{node="n1",resource="nvidia_com_t4"}) or vector(0)) > 0',
    ]);
    expect(inputOf(withCounts, 'device-plugins')).toContain('node n1 intel.com/qat 1\n');
    expect(inputOf(withCounts, 'device-plugins')).not.toContain('nvidia.com/t4');
    expect(inputOf(withCounts, 'virtual-machines')).toContain('node n1 nvidia.com/t4 1\n');
  });
});

const INVENTORY = `
apiVersion: hostdev/v1alpha1
kind: NodeInventory
metadata: { name: n1 }
spec:
  cpuVendor: intel
  productUuid: 4c4c4544-0000-4000-8000-000000000001
  functions:
    - { address: "0000:3b:00.0", class: "0302", id: "10de:1eb8", iommuGroup: 20, driver: vfio-pci }
    - { address: "0000:05:00.0", class: "0b40", id: "8086:6f54", iommuGroup: 23, driver: vfio-pci }
`;

describe('Argo CD', () => {
  const one = compiled(fleetOf('tool: argocd'));

  it('what reboots nodes waits for a person, unless the fleet says otherwise', () => {
    const path = 'gitops/argocd/stages/application.lab-node-prep.yaml';
    expect(at(contentAt(one, path), 'spec', 'syncPolicy', 'automated')).toBeUndefined();
    const automatic = compiled(fleetOf('tool: argocd, reboots: automatic'));
    expect(at(contentAt(automatic, path), 'spec', 'syncPolicy', 'automated')).toEqual({ prune: false, selfHeal: true });
  });

  it('the controller of OpenShift may not delete what reboots nodes', () => {
    const rules = at(contentAt(one, 'gitops/access/clusterrole.hostdev-lab-argocd.yaml'), 'rules') as JsonObject[];
    const verbs = rules
      .filter(({ apiGroups }) => JSON.stringify(apiGroups).includes('machineconfiguration'))
      .map((rule) => rule['verbs']);
    expect(verbs).toEqual([
      ['get', 'list', 'watch', 'create', 'update', 'patch'],
      ['get', 'list', 'watch', 'create', 'update', 'patch'],
    ]);
  });

  // what OpenShift GitOps' controller may do by itself: gitops-operator, policyRulesForClusterConfig; admin of namespaces given to it
  it('the controller of OpenShift may write every object of every stage', () => {
    const fleets = [
      fleetOf('tool: argocd'),
      fleetOf('tool: argocd').replace(
        'nodePools:\n',
        'devicePlugins: { nvidia: { namespace: nvidia } }\n  nodePools:\n',
      ),
      fleetOf('tool: argocd')
        .replace('kubevirt: { version: "1.6" }', 'kubevirt: { version: "1.9" }\n    kubernetesVersion: "1.35"')
        .replace(
          'devicePlugin: nvidia',
          'allocation: dra, dra: { driver: gpu.nvidia.com, deviceClassName: vfio.gpu.nvidia.com }',
        )
        .replace('externalResourceProvider: true, ', ''),
    ];
    for (const fleet of fleets) {
      const compiledFleet = compiled(fleet);
      const all = [...filesOf(compiledFleet)];
      const rules = at(contentAt(compiledFleet, 'gitops/access/clusterrole.hostdev-lab-argocd.yaml'), 'rules');
      const isGranted = (group: string, kind: string): boolean =>
        (rules as { apiGroups: string[]; resources: string[]; verbs: string[] }[]).some(
          ({ apiGroups, resources, verbs }) =>
            apiGroups.includes(group) && resources.includes(`${kind.toLowerCase()}s`) && verbs.includes('create'),
        );
      const ownRights = new Set(['Namespace', 'ConfigMap', 'ClusterRole', 'ClusterRoleBinding', 'RoleBinding']);
      const given = all
        .filter(
          ([, content]) => at(content, 'metadata', 'labels', 'argocd.argoproj.io/managed-by') === 'openshift-gitops',
        )
        .map(([, content]) => at(content, 'metadata', 'name'));
      const labelled = [...compiledFleet.text('gitops/apply-by-hand/README.md').matchAll(/label namespace (\S+) /g)];
      const namespaces = new Set([...given, ...labelled.map(([, name]) => name), 'openshift-gitops']);
      const refused = all.flatMap(([path, content]) => {
        const isByHand = /^gitops\/(?:access|alerts)\//.test(path);
        const kind = textAt(content, 'kind');
        const [group = '', version] = textAt(content, 'apiVersion').split('/');
        const namespace = at(content, 'metadata', 'namespace');
        return isByHand ||
          ownRights.has(kind) ||
          (typeof namespace === 'string' && namespaces.has(namespace)) ||
          isGranted(version === undefined ? '' : group, kind)
          ? []
          : [path];
      });
      expect(refused).toEqual([]);
    }
  });

  // Argo CD leaves hooks out of what it compares
  it('other labels are a difference, whose sync runs the Job', () => {
    const annotations = (path: string): JsonObject => at(contentAt(one, path), 'metadata', 'annotations') as JsonObject;
    expect(annotations('gitops/node-labels/configmap.label-nodes.yaml')).toEqual({
      'argocd.argoproj.io/sync-wave': '1',
    });
    expect(annotations('gitops/node-labels/job.label-nodes.yaml')).toMatchObject({
      'argocd.argoproj.io/hook': 'Sync',
      'argocd.argoproj.io/sync-wave': '2',
    });
  });

  it('a gate that waits for an older commit gives way to the newer one', () => {
    const spec = at(
      contentAt(one, 'gitops/argocd/stages/application.lab-kubevirt.yaml'),
      'spec',
      'syncPolicy',
      'retry',
    );
    expect(spec).toMatchObject({ limit: -1, refresh: true });
  });

  it('the Application of a stage that is gone goes, and leaves its objects', () => {
    const path = 'gitops/argocd/application.lab-fleet.yaml';
    expect(at(contentAt(one, path), 'spec', 'syncPolicy', 'automated', 'prune')).toBe(true);
    for (const [name, content] of filesOf(one))
      if (name.startsWith('gitops/argocd/')) expect(at(content, 'metadata', 'finalizers')).toBeUndefined();
  });

  it('a gate is a hook that is made anew at each sync, under one name', () => {
    expect(
      at(contentAt(one, 'gitops/gates/virtual-machines/job.gate-virtual-machines.yaml'), 'metadata'),
    ).toMatchObject({
      name: 'lab-gate-virtual-machines',
      annotations: {
        'argocd.argoproj.io/hook': 'PreSync',
        'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
      },
    });
  });

  it('every folder that a stage takes is one that is written', () => {
    const folders = new Set(
      [...one.set.manifests, ...one.set.files].map(({ path }) => path.split('/').slice(0, -1).join('/')),
    );
    for (const { path, text } of one.set.files.filter((file) => file.path.startsWith('gitops/argocd/steps/'))) {
      const { resources } = load(text) as { resources: string[] };
      for (const resource of resources) expect(folders).toContain(join(path, '..', resource));
    }
  });
});

describe('Flux', () => {
  const one = compiled(fleetOf('tool: flux'));

  it('what reboots nodes has a source of its own, which is suspended', () => {
    expect(at(contentAt(one, 'gitops/flux/gitrepository.lab-reboots.yaml'), 'spec', 'suspend')).toBe(true);
    expect(at(contentAt(one, 'gitops/flux/kustomization.lab-node-prep.yaml'), 'spec', 'sourceRef', 'name')).toBe(
      'lab-reboots',
    );
    expect(at(contentAt(one, 'gitops/flux/kustomization.lab-gate-kubevirt.yaml'), 'spec', 'sourceRef', 'name')).toBe(
      'lab-fleet',
    );
    const automatic = compiled(fleetOf('tool: flux, reboots: automatic'));
    expect(filesOf(automatic).has('gitops/flux/gitrepository.lab-reboots.yaml')).toBe(false);
  });

  it('each stage depends on the one before it, and a gate is ready when its Job has succeeded', () => {
    const chain = (name: string): unknown =>
      at(contentAt(one, `gitops/flux/kustomization.lab-${name}.yaml`), 'spec', 'dependsOn');
    expect(chain('access')).toBeUndefined();
    expect(chain('node-prep')).toEqual([{ name: 'lab-access' }]);
    expect(chain('node-labels')).toEqual([{ name: 'lab-node-prep' }]);
    expect(chain('gate-kubevirt')).toEqual([{ name: 'lab-node-labels' }]);
    expect(chain('kubevirt')).toEqual([{ name: 'lab-gate-kubevirt' }]);
    expect(chain('virtual-machines')).toEqual([{ name: 'lab-gate-virtual-machines' }]);
    expect(at(contentAt(one, 'gitops/flux/kustomization.lab-gate-kubevirt.yaml'), 'spec')).toMatchObject({
      wait: true,
      timeout: '7200s',
    });
  });

  it('a gate that waits for something else has another name', () => {
    const nameOf = (fleet: string): JsonValue | undefined =>
      at(contentAt(compiled(fleet), 'gitops/gates/kubevirt/job.gate-kubevirt.yaml'), 'metadata', 'name');
    const other = fleetOf('tool: flux').replace(
      'cpuVendor: intel',
      'cpuVendor: intel\n      kernelArguments: [iommu.strict=1]',
    );
    expect(nameOf(fleetOf('tool: flux'))).toBe(nameOf(fleetOf('tool: flux')));
    expect(nameOf(other)).not.toBe(nameOf(fleetOf('tool: flux')));
  });

  it.each([
    ['main', { branch: 'main' }],
    ['refs/tags/v1', { name: 'refs/tags/v1' }],
    ['0123456789012345678901234567890123456789', { commit: '0123456789012345678901234567890123456789' }],
  ])('follows %s', (revision, ref) => {
    const one_ = compiled(fleetOf(`tool: flux, revision: "${revision}"`));
    expect(at(contentAt(one_, 'gitops/flux/gitrepository.lab-fleet.yaml'), 'spec', 'ref')).toEqual(ref);
  });
});

it('without a tool nothing of it is there', () => {
  const none = compiled(fleetOf('tool: none'));
  expect([...filesOf(none).keys()].some((path) => path.startsWith('gitops/'))).toBe(false);
  expect(emitYaml(contentAt(none, 'node-prep/gpu/machineconfig.100-gpu-iommu.yaml'))).not.toContain('spec-sha256');
});

const hasShellcheck = (() => {
  try {
    execFileSync('shellcheck', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
const PROGRAMS = join(__dirname, '..', '..', '..', 'src', 'manifests', 'gitops');
(hasShellcheck ? it : it.skip).each(['hostdev-gate.sh', 'hostdev-label-nodes.sh'])(
  '%s is clean (skipped without shellcheck)',
  (name) => {
    execFileSync('shellcheck', ['-s', 'sh', join(PROGRAMS, name)], { stdio: 'pipe' });
  },
);

/* The gate against a kubectl that answers from a file: what the templates would print. The real one is in test/gate. */
describe('the gate', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hostdev-gate-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  writeFileSync(
    join(folder, 'kubectl'),
    `#!/bin/sh\ncase $2 in machineconfigs.*) cat "${folder}/config" ;; machineconfigpools.*) cat "${folder}/pool" ;; *) cat "${folder}/node" ;; esac\n`,
    { mode: 0o755 },
  );
  const POOL =
    'generation 3\ntarget r-2\npaused <no value>\nobserved 3\nmachines 2\nupdated 2\ncondition Updated True\ncurrent r-2\nsource 00-worker\nsource 100-a\n';
  const run = (files: Readonly<Record<string, string>>): Promise<{ done: boolean; said: string }> => {
    const all = { config: 'abc', pool: POOL, node: 'n1 intel.com/qat 2\n', ...files };
    for (const [name, text] of Object.entries(all)) writeFileSync(join(folder, name), text);
    writeFileSync(join(folder, 'input'), 'config 100-a abc\npool a 2 100-a\nnode n1 intel.com/qat 2\n');
    return new Promise((resolve) => {
      const gate = spawn('/bin/sh', [join(PROGRAMS, 'hostdev-gate.sh'), join(folder, 'input')], {
        env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, HOSTDEV_GATE_PERIOD: '0', HOSTDEV_GATE_SETTLE: '0' },
        detached: true,
      });
      let said = '';
      gate.stdout.on('data', (data: Buffer) => {
        said += data.toString();
        // what it waits for stays as it is
        if (said.includes('waiting') && gate.pid !== undefined) process.kill(-gate.pid, 'SIGKILL');
      });
      gate.on('close', (status) => {
        resolve({ done: status === 0, said });
      });
    });
  };

  it('ends when everything is there', async () => {
    expect((await run({})).done).toBe(true);
  });

  it.each([
    ['another content', { config: 'xyz' }, 'is not the one of this commit'],
    [
      'an empty pool that says it is updated',
      { pool: POOL.replace('machines 2', 'machines 0').replace('updated 2', 'updated 0') },
      'has 0 of 2 nodes',
    ],
    [
      'a pool on its way',
      { pool: POOL.replace('Updated True', 'Updated False').replace('updated 2', 'updated 1') },
      'is being updated',
    ],
    ['a paused pool', { pool: POOL.replace('paused <no value>', 'paused true') }, 'is paused'],
    ['a pool that is rendered and not begun', { pool: POOL.replace('target r-2', 'target r-3') }, 'from r-2 to r-3'],
    [
      'a pool whose operator sleeps',
      { pool: POOL.replace('observed 3', 'observed 2') },
      'has not seen its last change',
    ],
    ['a degraded pool', { pool: `${POOL}condition Degraded True\n` }, 'is degraded'],
    ['a pool without the config', { pool: POOL.replace('source 100-a\n', '') }, 'does not run 100-a yet'],
    ['a node that offers fewer', { node: 'n1 intel.com/qat 1\n' }, 'Node n1 offers 1 of 2 intel.com/qat'],
    ['a node that is not there', { node: '' }, 'Node n1 offers 0 of 2 intel.com/qat'],
    ['a node whose name begins alike', { node: 'n11 intel.com/qat 9\n' }, 'Node n1 offers 0 of 2 intel.com/qat'],
  ])('waits for %s', async (_what, files, said) => {
    const outcome = await run(files);
    expect(outcome.said).toContain(said);
    expect(outcome.done).toBe(false);
  });

  it('counts as Kubernetes writes round numbers', async () => {
    expect((await run({ node: 'n1 intel.com/qat 1k\n' })).done).toBe(true);
  });

  it('refuses a line that it does not know', () => {
    writeFileSync(join(folder, 'input'), 'nodes x\n');
    expect(() =>
      execFileSync('/bin/sh', [join(PROGRAMS, 'hostdev-gate.sh'), join(folder, 'input')], { stdio: 'pipe' }),
    ).toThrow('cannot read the line');
  });

  it('is the program that the output carries', () => {
    const one = compiled(fleetOf('tool: argocd'));
    const text = at(contentAt(one, 'gitops/gates/kubevirt/configmap.gate-kubevirt.yaml'), 'data', 'hostdev-gate');
    expect(text).toBe(readFileSync(join(PROGRAMS, 'hostdev-gate.sh'), 'utf8'));
  });
});
