/*
 * The gate with a real kubectl against a stub of the API server, which serves Nodes and MachineConfigPools as the operator's own code
 * makes them. `npm run test:gate`; skipped where there is no kubectl (Debian: kubernetes-client), but in
 * continuous integration (CI=true) that is a failure.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const PROGRAMS = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'src', 'manifests', 'gitops');
const MCO = 'machineconfiguration.openshift.io';

function hasKubectl() {
  try {
    execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
const isThere = hasKubectl();
if (!isThere && process.env.CI === 'true') throw new Error('there is no kubectl: apt-get install kubernetes-client');
const skip = isThere ? false : 'there is no kubectl: apt-get install kubernetes-client';

const config = {
  apiVersion: `${MCO}/v1`,
  kind: 'MachineConfig',
  metadata: { name: '100-a', annotations: { 'hostdev/spec-sha256': 'abc' } },
};
/** A pool as the node controller of the operator leaves it when it is done (status.go, calculateStatus). */
const done = () => ({
  apiVersion: `${MCO}/v1`,
  kind: 'MachineConfigPool',
  metadata: { name: 'a', generation: 3 },
  spec: { paused: false, configuration: { name: 'rendered-a-2', source: [{ name: '00-worker' }, { name: '100-a' }] } },
  status: {
    observedGeneration: 3,
    machineCount: 2,
    updatedMachineCount: 2,
    readyMachineCount: 2,
    unavailableMachineCount: 0,
    degradedMachineCount: 0,
    configuration: { name: 'rendered-a-2', source: [{ name: '00-worker' }, { name: '100-a' }] },
    conditions: [
      { type: 'Updating', status: 'False' },
      { type: 'Updated', status: 'True' },
      { type: 'NodeDegraded', status: 'False' },
      { type: 'RenderDegraded', status: 'False' },
      { type: 'Degraded', status: 'False' },
    ],
  },
});
const node = (name, allocatable) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name }, status: { allocatable } });
const pool = (change) => {
  const one = done();
  change(one);
  return one;
};
const condition = (one, type, status) => {
  one.status.conditions.find((each) => each.type === type).status = status;
};

let objects = {};
let server;
let folder;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hostdev-gate-'));
  server = createServer(answer);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  writeFileSync(
    join(folder, 'config'),
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${port}` } }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      users: [{ name: 'u', user: {} }],
      'current-context': 'c',
    }),
  );
});
after(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function answer(request, response) {
  const path = request.url.split('?')[0];
  const send = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  const list = (groupVersion, ...kinds) => ({
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion,
    resources: kinds.map(([name, kind]) => ({
      name,
      singularName: '',
      namespaced: false,
      kind,
      verbs: ['get', 'patch'],
    })),
  });
  const version = { groupVersion: `${MCO}/v1`, version: 'v1' };
  const discovery = {
    '/api': { kind: 'APIVersions', versions: ['v1'] },
    '/apis': {
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: [{ name: MCO, versions: [version], preferredVersion: version }],
    },
    '/api/v1': list('v1', ['nodes', 'Node']),
    [`/apis/${MCO}/v1`]: list(
      `${MCO}/v1`,
      ['machineconfigs', 'MachineConfig'],
      ['kubeletconfigs', 'KubeletConfig'],
      ['machineconfigpools', 'MachineConfigPool'],
    ),
  };
  const body = discovery[path] ?? objects[path];
  if (body === undefined) {
    send(404, {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      reason: 'NotFound',
      message: `${path} not found`,
      code: 404,
    });
    return;
  }
  if (request.method === 'GET') {
    send(200, body);
    return;
  }
  let text = '';
  request.on('data', (data) => (text += data));
  request.on('end', () => {
    const { labels, annotations } = JSON.parse(text).metadata;
    merge(body.metadata, 'labels', labels);
    merge(body.metadata, 'annotations', annotations);
    send(200, body);
  });
}

/** A merge patch: null takes a key away. */
function merge(metadata, field, patch) {
  if (patch === undefined) return;
  const merged = Object.entries({ ...metadata[field], ...patch }).filter(([, value]) => value !== null);
  metadata[field] = Object.fromEntries(merged);
}

/** Runs a program until it ends or says that it waits. */
function run(program, lines, served) {
  objects = served;
  writeFileSync(join(folder, 'input'), `${lines.join('\n')}\n`);
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', [join(PROGRAMS, program), join(folder, 'input')], {
      env: {
        ...process.env,
        KUBECONFIG: join(folder, 'config'),
        HOME: folder,
        HOSTDEV_GATE_PERIOD: '1',
        HOSTDEV_GATE_SETTLE: '1',
        HOSTDEV_LABEL_PERIOD: '1',
      },
      detached: true,
    });
    let said = '';
    child.stdout.on('data', (data) => {
      said += data;
      if (said.includes('waiting:')) process.kill(-child.pid, 'SIGKILL');
    });
    child.stderr.on('data', (data) => (said += data));
    child.on('close', (status) => resolve({ status, said }));
  });
}

const LINES = [
  'config 100-a abc',
  'pool a 2 100-a',
  'node n1 intel.com/qat 2',
  'node n1 nvidia.com/t4 1',
  'node n2 intel.com/qat 1',
];
const served = (a = done(), more = {}) => ({
  [`/apis/${MCO}/v1/machineconfigs/100-a`]: config,
  [`/apis/${MCO}/v1/machineconfigpools/a`]: a,
  '/api/v1/nodes/n1': node('n1', { cpu: '4', 'intel.com/qat': '2', 'nvidia.com/t4': '1' }),
  '/api/v1/nodes/n2': node('n2', { 'intel.com/qat': '1' }),
  ...more,
});

test('done: everything is there', { skip }, async () => {
  const { status, said } = await run('hostdev-gate.sh', LINES, served());
  assert.equal(status, 0, said);
});

test('one node in one call: a single object and not a list', { skip }, async () => {
  const { status, said } = await run('hostdev-gate.sh', ['node n2 intel.com/qat 1'], served());
  assert.equal(status, 0, said);
});

for (const [what, objectsThere, says] of [
  [
    'empty',
    served(pool(({ status }) => Object.assign(status, { machineCount: 0, updatedMachineCount: 0 }))),
    'has 0 of 2 nodes',
  ],
  [
    'updating',
    served(
      pool((a) => {
        a.status.updatedMachineCount = 1;
        a.status.configuration.name = 'rendered-a-1';
        condition(a, 'Updated', 'False');
        condition(a, 'Updating', 'True');
      }),
    ),
    'is being updated',
  ],
  [
    'rendered, and the old status still there',
    served(pool((a) => (a.spec.configuration.name = 'rendered-a-3'))),
    'from rendered-a-2 to rendered-a-3',
  ],
  ['paused', served(pool(({ spec }) => (spec.paused = true))), 'is paused'],
  ['stale', served(pool(({ status }) => (status.observedGeneration = 2))), 'has not seen its last change'],
  ['degraded', served(pool((a) => condition(a, 'Degraded', 'True'))), 'is degraded'],
  ['new, without a status', served({ ...done(), status: undefined, spec: {} }), 'does not run 100-a yet'],
  ['not there', { ...served(), [`/apis/${MCO}/v1/machineconfigpools/a`]: undefined }, 'MachineConfigPool a:'],
  [
    'a MachineConfig of an older commit',
    { ...served(), [`/apis/${MCO}/v1/machineconfigs/100-a`]: { ...config, metadata: { name: '100-a' } } },
    'is not the one of this commit',
  ],
  [
    'a Node without its devices',
    served(done(), { '/api/v1/nodes/n2': node('n2', { cpu: '4' }) }),
    'Node n2 offers 0 of 1 intel.com/qat',
  ],
  ['a Node that is not there', { ...served(), '/api/v1/nodes/n2': undefined }, 'Node n2 offers 0 of 1 intel.com/qat'],
]) {
  test(`waits: ${what}`, { skip }, async () => {
    const outcome = await run('hostdev-gate.sh', LINES, objectsThere);
    assert.match(outcome.said, new RegExp(says.replace(/[.*+?]/g, '\\$&')));
    assert.notEqual(outcome.status, 0);
  });
}

const kubelet = (status) => ({
  [`/apis/${MCO}/v1/kubeletconfigs/100-a-kubelet`]: {
    apiVersion: `${MCO}/v1`,
    kind: 'KubeletConfig',
    metadata: { name: '100-a-kubelet', generation: 2, annotations: { 'hostdev/spec-sha256': 'def' } },
    status,
  },
});
const success = { type: 'Success', status: 'True', message: 'Success' };
const failure = { type: 'Failure', status: 'False', message: 'Error: no pool' };

test('a KubeletConfig of which the operator has made its MachineConfig', { skip }, async () => {
  const there = served(done(), kubelet({ observedGeneration: 2, conditions: [failure, success] }));
  const { status, said } = await run('hostdev-gate.sh', ['kubelet 100-a-kubelet def', 'pool a 2'], there);
  assert.equal(status, 0, said);
});

for (const [what, line, status, says] of [
  ['not seen yet', 'def', { observedGeneration: 1, conditions: [success] }, 'has made no MachineConfig of it yet'],
  ['without a status', 'def', undefined, 'has made no MachineConfig of it yet'],
  ['refused', 'def', { observedGeneration: 2, conditions: [success, failure] }, 'has made no MachineConfig of it yet'],
  ['of an older commit', 'xyz', { observedGeneration: 2, conditions: [success] }, 'is not the one of this commit'],
]) {
  test(`waits: a KubeletConfig ${what}`, { skip }, async () => {
    const outcome = await run('hostdev-gate.sh', [`kubelet 100-a-kubelet ${line}`], served(done(), kubelet(status)));
    assert.match(outcome.said, new RegExp(says));
    assert.notEqual(outcome.status, 0);
  });
}

const RECORD = 'record hostdev/lab-labels';
const ROLE = 'node-role.kubernetes.io';
const POOLS = `pools ${ROLE}/a ${ROLE}/b ${ROLE}/c`;
/** Labels Nodes; gives what n2 has then. */
async function label(there, ...words) {
  return labelAmong([], there, ...words);
}
async function labelAmong(pools, there, ...words) {
  const outcome = await run('hostdev-label-nodes.sh', [RECORD, ...pools, `node n2 ${words.join(' ')}`], there);
  return { ...outcome, ...there['/api/v1/nodes/n2'].metadata };
}

test('labels are put on Nodes, and again without a change', { skip }, async () => {
  const there = served();
  for (let run = 0; run < 2; run++) {
    const { status, said, labels, annotations } = await label(there, `${ROLE}/a=`, 'gpu=yes');
    assert.equal(status, 0, said);
    assert.deepEqual(labels, { [`${ROLE}/a`]: '', gpu: 'yes' });
    assert.deepEqual(annotations, { 'hostdev/lab-labels': `${ROLE}/a= gpu=yes` });
  }
});

test('a Node that changes its pool loses the label of the pool that the fleet no longer has', { skip }, async () => {
  const there = served();
  there['/api/v1/nodes/n2'].metadata.labels = { 'kubernetes.io/os': 'linux' };
  await label(there, `${ROLE}/a=`, 'gpu=yes');
  const { status, said, labels, annotations } = await label(there, `${ROLE}/b=`);
  assert.equal(status, 0, said);
  assert.deepEqual(labels, { 'kubernetes.io/os': 'linux', [`${ROLE}/b`]: '' });
  assert.deepEqual(annotations, { 'hostdev/lab-labels': `${ROLE}/b=` });
});

test('the label of another pool of the fleet goes, whoever gave it', { skip }, async () => {
  const there = served();
  there['/api/v1/nodes/n2'].metadata.labels = { [`${ROLE}/a`]: '', [`${ROLE}/infra`]: '' };
  const { said, labels } = await labelAmong([POOLS], there, `${ROLE}/b=`);
  assert.match(said, /every Node has its labels/);
  assert.deepEqual(labels, { [`${ROLE}/b`]: '', [`${ROLE}/infra`]: '' });
});

test('a value that was ours is changed with the fleet', { skip }, async () => {
  const there = served();
  await label(there, 'gpu=a');
  assert.deepEqual((await label(there, 'gpu=b')).labels, { gpu: 'b' });
});

test('a label with another value is nobody’s to change, and that Node is left as it is', { skip }, async () => {
  const there = served();
  there['/api/v1/nodes/n2'].metadata.labels = { gpu: 'no' };
  const { said, labels } = await label(there, 'rack=r1', 'gpu=yes');
  assert.match(said, /waiting: n2: it has the label gpu=no, which is not ours to change to gpu=yes/);
  assert.deepEqual(labels, { gpu: 'no' });
});

test('what somebody wrote into the record takes nothing away that is not as recorded', { skip }, async () => {
  const there = served();
  Object.assign(there['/api/v1/nodes/n2'].metadata, {
    labels: { tier: 'gold' },
    annotations: {
      'hostdev/lab-labels': 'tier=silver --kubeconfig=/x $(reboot) *',
      'hostdev/other-labels': 'tier=gold',
    },
  });
  const { status, said, labels } = await label(there, 'gpu=yes');
  assert.equal(status, 0, said);
  assert.deepEqual(labels, { tier: 'gold', gpu: 'yes' });
});

test('a Node that is not there is waited for', { skip }, async () => {
  const outcome = await run('hostdev-label-nodes.sh', [RECORD, 'node n9 gpu=yes'], served());
  assert.match(outcome.said, /waiting: n9: /);
});
