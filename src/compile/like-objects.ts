import type { MachineShape } from '../analysis';
import { scalarCheck, type ScalarCheck } from '../kubevirt';
import type { JsonObject } from '../model';
import { YamlTemplate, type Differences } from '../yaml';
import { likeFile, type OutputFile } from './outputs';

/** What is known of the VMs of one shape. */
interface Group {
  template: YamlTemplate | undefined;
  /** By the number of a scalar; null: it cannot be judged by itself. */
  readonly checks: (ScalarCheck | null)[];
  valid: JsonObject | undefined;
  hits: number;
  misses: number;
}

/** How many misses are borne for one hit, and before the first. */
const MOST_MISSES = 4;

/**
 * Thousands of VMs differ in a dozen texts. One that differs from a valid one in nothing but valid scalars is neither validated nor
 * written anew: its text is that of the other one with these scalars. Nothing is taken from what an object seems to be: every value
 * of it is compared.
 */
export class LikeObjects {
  private readonly release: string;
  private readonly groups = new Map<MachineShape, Group>();

  /** For objects of one release of KubeVirt. */
  constructor(release: string) {
    this.release = release;
  }

  /** The file of a valid object; undefined when it has to be looked at in full. */
  fileOf(shape: MachineShape, content: JsonObject, modelPath: string): OutputFile | undefined {
    const group = this.groups.get(shape);
    if (group?.template === undefined) return undefined;
    const { template } = group;
    const differences = template.differencesOf(content);
    if (differences === undefined || !this.areValid(group, template, differences)) {
      group.misses++;
      return undefined;
    }
    group.hits++;
    return likeFile(differences, modelPath);
  }

  /**
   * Takes an object that was looked at in full, and is valid, for the one that others are compared with.
   *
   * @returns its file, which is made on the way; undefined when it is not taken
   */
  learn(shape: MachineShape, content: JsonObject, modelPath: string): OutputFile | undefined {
    // what is there once is not worth a template
    if (shape.machines.length === 1) return undefined;
    let group = this.groups.get(shape);
    if (group === undefined)
      this.groups.set(shape, (group = { template: undefined, checks: [], valid: undefined, hits: 0, misses: 0 }));
    const isWorthIt = group.misses <= MOST_MISSES * (group.hits + 1);
    group.template = isWorthIt ? YamlTemplate.of(content) : undefined;
    group.checks.length = 0;
    group.valid = content;
    const nothing = group.template?.differencesOf(content);
    return nothing && likeFile(nothing, modelPath);
  }

  private areValid({ checks, valid }: Group, template: YamlTemplate, { spots, values }: Differences): boolean {
    if (valid === undefined) return false;
    return spots.numbers.every((number, i) => {
      let check = checks[number];
      if (check === undefined) {
        check = scalarCheck({ release: this.release }, valid, template.pathOf(number)) ?? null;
        checks[number] = check;
      }
      return check?.(values[i]) === true;
    });
  }
}
