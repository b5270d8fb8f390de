/*
 * What hostdev writes, judged by the code of those who take it: the API server's machinery with each release's own
 * CustomResourceDefinitions, and the admission code of that release.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { KUBEVIRT_RELEASES, type KubeVirtRelease } from '../../src/kubevirt';
import type { JsonObject } from '../../src/model';
import { RULES } from '../../src/rules';
import { REFUSED_CONDITIONS, TAKEN_CONDITIONS, UNTOLD_CONDITIONS } from '../support/cel-conditions';
import { ROOT } from '../support/lab';
import { describeWith, type Tool } from '../validators/tools';
import { apiServer, kubeVirtAdmission, run, verdicts } from './judges';
import { inOneSpelling, instancetypePairs } from './instancetypes';
import { changedLeaves, lostEntries } from './lost-entries';
import { exampleSamples, extremeSamples, foreignSamples, isKubeVirtOwned, matrixSamples, ruleSamples } from './samples';

interface Verdict {
  readonly id: string;
  readonly refusals: readonly string[];
  readonly warnings: readonly string[];
  readonly judged: number;
  readonly applied?: readonly JsonObject[];
}

interface ServerVerdict extends Verdict {
  readonly conflicts: readonly string[];
  readonly before?: unknown;
  readonly after?: unknown;
}

const CRDS = join(ROOT, '..', 'shared', 'crds');
const DEFINITIONS = join(ROOT, '.cache', 'api', 'crds');
const wanted = (process.env['HOSTDEV_API_RELEASES'] ?? KUBEVIRT_RELEASES.join(' ')).split(/[ ,]+/);

/** The published definitions, and the release's own of KubeVirt's kinds. */
function layDefinitions(admission: string, release: KubeVirtRelease): void {
  rmSync(DEFINITIONS, { recursive: true, force: true });
  for (const folder of ['common', release]) mkdirSync(join(DEFINITIONS, folder), { recursive: true });
  for (const name of readdirSync(CRDS)) {
    if (name !== 'kubevirt.io.yaml') cpSync(join(CRDS, name), join(DEFINITIONS, 'common', name));
  }
  writeFileSync(join(DEFINITIONS, release, 'kubevirt.json'), run(admission, ['crds'], ''));
}

/** On a rule's page stands what is lost on purpose: that is what the rule says. */
const isRuleExample = (id: string): boolean => RULES.some(({ slug }) => id.startsWith(`${slug}: `));

const server: Tool = existsSync(CRDS)
  ? apiServer()
  : { missing: 'the published CustomResourceDefinitions are not beside this checkout' };

describe.each(KUBEVIRT_RELEASES.filter((release) => wanted.includes(release)))('KubeVirt %s', (release) => {
  const admission: Tool = 'path' in server ? kubeVirtAdmission(release) : server;

  describeWith('the API server and the admission code', admission, (admissionPath) => {
    const serverPath = 'path' in server ? server.path : '';
    const matrix = matrixSamples(release);
    const all = [
      ...matrix,
      ...foreignSamples(release),
      ...extremeSamples(release),
      ...ruleSamples(release),
      ...exampleSamples(release),
    ];
    // KubeVirt refuses a VM whose instancetype is not there
    const byKubeVirt = all.filter(
      (sample) =>
        isKubeVirtOwned(sample) &&
        (sample.instancetypes.length > 0 || !JSON.stringify(sample.machines).includes('"instancetype":')),
    );
    let said: ReadonlyMap<string, ServerVerdict>;
    let admitted: ReadonlyMap<string, Verdict>;

    function saidOf(id: string): ServerVerdict {
      const verdict = said.get(id);
      if (verdict === undefined) throw new Error(`no verdict on ${id}`);
      return verdict;
    }

    beforeAll(() => {
      layDefinitions(admissionPath, release);
      const cases = all.map(({ id, objects, patch, live }) => ({
        id,
        release,
        objects,
        patch: patch?.text ?? '',
        live,
      }));
      said = verdicts(serverPath, [DEFINITIONS], cases);
      admitted = verdicts(
        admissionPath,
        ['admit'],
        byKubeVirt.map(({ id, machines, instancetypes, live }) => {
          const { before = parse(live) as unknown, after = before } = saidOf(id);
          return { id, before, after, objects: machines, instancetypes };
        }),
      );
    });

    it('there is something to judge', () => {
      expect(byKubeVirt.length).toBeGreaterThan(20);
      expect(all.filter(({ knowsLive }) => knowsLive).length).toBeGreaterThan(10);
    });

    it.each(all.map(({ id }) => id))('the server takes %s', (id) => {
      const { refusals, warnings } = saidOf(id);
      expect({ refusals, warnings }).toEqual({ refusals: [], warnings: [] });
    });

    it.each(matrix.map(({ id }) => id))('and has looked at all of %s', (id) => {
      const sample = matrix.find((one) => one.id === id);
      expect(saidOf(id).judged).toBe((sample?.objects.length ?? 0) + (sample?.patch === undefined ? 0 : 1));
      expect(sample?.objects.length).toBeGreaterThan(0);
    });

    it.each(byKubeVirt.map(({ id }) => id))('KubeVirt admits %s', (id) => {
      const { refusals = ['no verdict'], judged = 0 } = admitted.get(id) ?? {};
      expect(refusals.filter((text) => !isOfUnknownArchitecture(text, id))).toEqual([]);
      expect(judged).toBeGreaterThan(0);
    });

    // the control plane's architecture is the judge's own here; a fleet that was not shown the live object cannot know it
    const isOfUnknownArchitecture = (refusal: string, id: string): boolean =>
      refusal.includes('MultiArchitecture feature gate') && all.some((one) => one.id === id && !one.knowsLive);

    const shown = all.filter(({ id, knowsLive, patch }) => knowsLive && patch !== undefined && !isRuleExample(id));

    it.each(shown.map(({ id }) => id))('nothing of others is lost in %s', (id) => {
      const { before, after } = saidOf(id);
      const patch = shown.find((one) => one.id === id)?.patch?.object;
      expect(lostEntries(before, after, patch)).toEqual([]);
    });

    it.each(shown.map(({ id }) => id))(
      'the server names every list that is taken over, and nothing else, in %s',
      (id) => {
        const { before, conflicts } = saidOf(id);
        const patch = shown.find((one) => one.id === id)?.patch?.object;
        // HyperConverged's lists of devices are merged entry by entry
        const isTakenOver = (at: string): boolean =>
          patch?.kind === 'KubeVirt' || !at.includes('.permittedHostDevices.');
        expect([...conflicts].sort()).toEqual(changedLeaves(before, patch).filter(isTakenOver).sort());
      },
    );

    // but for what they say because HyperConverged's default would block the drain of a node
    it('VMs are the same whoever owns the configuration', () => {
      const key = (id: string): string => id.replace(/ (kubevirt|hco\S+) /, ' ').replace(/ [a-z-]+$/, '');
      const first = new Map<string, readonly string[]>();
      for (const { id, machines } of matrix) {
        const own = machines.map((machine) =>
          JSON.stringify(machine, (field, value: unknown) => (field === 'evictionStrategy' ? undefined : value)),
        );
        const others = first.get(key(id)) ?? own;
        first.set(key(id), others);
        expect([id, own]).toEqual([id, others]);
      }
    });

    it('the server refuses what is wrong', () => {
      const object = (text: string, id: string) => ({ id, release, objects: [text], patch: '', live: '' });
      const machine = 'apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nmetadata: { name: a, namespace: b';
      const spec = 'spec: { runStrategy: Always, template: { spec: { domain: { devices: {} } } } }';
      const wrong = [
        object(`${machine} }\n${spec.replace('devices:', 'device:')}`, 'a field'),
        object(`${machine}, labels: { a: "${'x'.repeat(64)}" } }\n${spec}`, 'a label'),
        object(`${machine}, name: c }\n${spec}`, 'a key twice'),
        object(`${machine.replace('name: a', 'name: A_')} }\n${spec}`, 'a name'),
        object(
          'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: b }\ndato: {}',
          'a field of a core kind',
        ),
        object('apiVersion: example.com/v1\nkind: Pet\nmetadata: { name: a, namespace: b }', 'a kind'),
      ];
      const found = verdicts<ServerVerdict>(serverPath, [DEFINITIONS], wrong);
      for (const { id } of wrong) expect([id, found.get(id)?.refusals]).not.toEqual([id, []]);
    });

    it('a VM and its instancetype clash where the release says so, and come to one spec where they do not', () => {
      const [sample] = matrix.filter(({ id }) => id.startsWith(`${release} kubevirt pci VirtualMachine `));
      const live = parse(sample?.live ?? '') as unknown;
      const pairs = instancetypePairs(release);
      const asked = pairs.map(({ id, machine, instancetypes }) => ({
        id,
        before: live,
        after: live,
        objects: [machine],
        instancetypes,
      }));
      const found = verdicts<Verdict>(admissionPath, ['admit'], asked);
      expect(pairs.filter(({ isRefused }) => isRefused).length).toBeGreaterThan(10);
      for (const { id, isRefused, spec } of pairs) {
        const { refusals = [], applied = [] } = found.get(id) ?? {};
        const isClash = refusals.some((text) => text.includes('conflicts with selected instance type'));
        expect([id, isClash]).toEqual([id, isRefused]);
        if (!isClash) expect([id, applied.map((one) => inOneSpelling(one))]).toEqual([id, [inOneSpelling(spec)]]);
      }
    });

    it('the server reads conditions of claims as we do', () => {
      const claimOf = (text: string): string =>
        JSON.stringify({
          apiVersion: 'resource.k8s.io/v1',
          kind: 'ResourceClaim',
          metadata: { name: 'gpu', namespace: 'apps' },
          spec: {
            devices: {
              requests: [
                { name: 'gpu', exactly: { deviceClassName: 'a.com', selectors: [{ cel: { expression: text } }] } },
              ],
            },
          },
        });
      const refused = [...UNTOLD_CONDITIONS, ...REFUSED_CONDITIONS.map(([text]) => text)];
      const cases = [...TAKEN_CONDITIONS, ...refused].map((text) => ({
        id: text,
        release,
        objects: [claimOf(text)],
        patch: '',
        live: '',
      }));
      const found = verdicts<ServerVerdict>(serverPath, [DEFINITIONS], cases);
      const isRefused = ({ id }: { readonly id: string }): boolean => (found.get(id)?.refusals ?? []).length > 0;
      expect(cases.filter(isRefused).map(({ id }) => id)).toEqual(refused);
    });

    it('the admission code refuses what is wrong', () => {
      const [sample] = matrix.filter(({ id }) => id.startsWith(`${release} kubevirt pci VirtualMachine `));
      const before = parse(sample?.live ?? '') as unknown;
      const one = { id: 'no gate', before, after: before, objects: sample?.machines ?? [] };
      const found = verdicts<Verdict>(admissionPath, ['admit'], [one]).get('no gate');
      expect(found?.refusals.join()).toContain('Host Devices feature gate is not enabled');
    });
  });
});
