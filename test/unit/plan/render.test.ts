import Ajv2020 from 'ajv/dist/2020';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HAZARDS, makePlan } from '../../../src/plan';
import { renderPlan, renderPlanJson, renderPlanMarkdown } from '../../../src/report';
import { ROOT } from '../../support/lab';
import { compiledFrom, planBetween } from '../../support/plan-of';
import { labFiles } from './plans';

const LAB = labFiles();
const edited = (from: string | RegExp, to: string): Record<string, string> => {
  const text = LAB['fleet.yaml'] ?? '';
  expect(text).not.toBe(text.replace(from, to));
  return { ...LAB, 'fleet.yaml': text.replace(from, to) };
};

describe('a plan as text', () => {
  it('says that nothing changes', () => {
    const shown = { plan: planBetween(LAB, LAB), from: 'main', to: 'fleet.yaml', allowed: new Set<string>() };

    expect(renderPlan([shown])).toBe('plan: main -> fleet.yaml (fleet lab)\n\nno changes\n');
  });

  it('is drawn with signs, counts and what has to be allowed', () => {
    const plan = planBetween(
      LAB,
      edited('maxUnavailable: 1', 'maxUnavailable: 1\n      kernelArguments: [iommu.strict=1]'),
    );
    const text = renderPlan([{ plan, from: 'main', to: 'fleet.yaml', allowed: new Set(['reboots-nodes']) }]);

    expect(text).toMatchGolden('plan/kernel-argument.txt');
  });

  it('lets nothing of the input steer a terminal', () => {
    const plan = planBetween(LAB, LAB);
    const text = renderPlan([{ plan, from: 'ma\u001b[31min', to: 'a\u202eb', allowed: new Set() }]);

    for (const character of ['\u001b', '\u202e']) expect(text).not.toContain(character);
  });
});

describe('a plan as JSON', () => {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  const validate = ajv.compile(JSON.parse(readFileSync(join(ROOT, 'schema', 'plan.schema.json'), 'utf8')) as object);

  test.each(HAZARDS.map((hazard) => [hazard.name, hazard] as const))(
    'is as its schema says: %s',
    (_name, { examples }) => {
      for (const { before, after, files = {}, afterFiles = files } of examples.bad) {
        const plan = planBetween(before === undefined ? undefined : { 'fleet.yaml': before, ...files }, {
          'fleet.yaml': after,
          ...afterFiles,
        });
        const valid = validate(
          JSON.parse(renderPlanJson([{ plan, from: 'main', to: 'fleet.yaml', allowed: new Set() }])),
        );

        expect(valid ? [] : validate.errors).toEqual([]);
      }
    },
  );
});

describe('a plan as Markdown', () => {
  it('is drawn with the hazards first', () => {
    const plan = planBetween(
      LAB,
      edited('maxUnavailable: 1', 'maxUnavailable: 1\n      kernelArguments: [iommu.strict=1]'),
    );

    expect(renderPlanMarkdown([{ plan, from: 'main', to: 'fleet.yaml', allowed: new Set() }])).toMatchGolden(
      'plan/kernel-argument.md',
    );
  });

  it('has no HTML, link, mention or code of the input', () => {
    const lab = compiledFrom(LAB).baseline;
    const hostile = '<img src=x onerror=alert(1)> [a](javascript:b) `c` @team | ![d](e) </details>';
    const plan = makePlan(lab, { ...lab, fleet: hostile, cluster: { ...lab.cluster, featureGates: [hostile] } });
    const text = renderPlanMarkdown([{ plan, from: hostile, to: hostile, allowed: new Set() }]);

    expect(text.replace(/<\/?(?:details|summary)(?: open)?>/g, '')).not.toMatch(/[<>@|[\]]/);
    expect(text.split('<details').length).toBe(text.split('</details>').length);
    expect(text).not.toContain('`c`');
  });
});

describe('a plan of more than people read', () => {
  const lab = compiledFrom(LAB).baseline;
  const [machine] = lab.machines;
  if (machine === undefined) throw new Error('the lab has no VM');
  const machines = Array.from({ length: 3000 }, (_, i) => ({ ...machine, name: `vm-${i}`, path: `vm-${i}.yaml` }));
  const plan = makePlan({ ...lab, machines: [] }, { ...lab, machines });
  const shown = { plan, from: 'main', to: 'fleet.yaml', allowed: new Set<string>() };

  it('shows a dozen of what is alike and counts the rest', () => {
    const lines = renderPlan([shown]).split('\n');
    const drawn = lines.filter((line) => line.startsWith('  + VirtualMachine')).length;

    expect(lines).toContain(`  and ${3000 - drawn} more: added ${machine.kind}`);
    expect(drawn).toBeLessThan(20);
  });

  it('fits into the comment of a pull request, however many fleets there are, and closes what it opened', () => {
    const text = renderPlanMarkdown(Array.from({ length: 200 }, () => shown));

    expect(text.length).toBeLessThan(65_536);
    expect(text.split('<details').length).toBe(text.split('</details>').length);
    expect(text).toContain('cut off here');
  });
});

test('a plan of thousands of VMs takes about twice as long as one of half as many', () => {
  const lab = compiledFrom(LAB).baseline;
  const [machine] = lab.machines;
  if (machine === undefined) throw new Error('the lab has no VM');
  const of = (count: number, hash: string): typeof lab => ({
    ...lab,
    machines: Array.from({ length: count }, (_, i) => ({
      ...machine,
      name: `vm-${i}`,
      path: `vm-${i}.yaml`,
      hash,
      candidates: ['node03'],
    })),
  });
  const time = (count: number): number => {
    const [before, after] = [of(count, 'a'), of(count, 'b')];
    const start = performance.now();
    expect(makePlan(before, after).changes).toHaveLength(count);
    return performance.now() - start;
  };
  time(1000);

  // quadratic work would take sixteen times as long
  expect(time(8000)).toBeLessThan(10 * Math.max(time(2000), 20));
});
