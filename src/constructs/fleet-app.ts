import { App, type ApiObject, type AppProps } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { assembleOutputs, sharedFleetName } from '../compile';
import { describeRefusal, displayPath, writeTree } from '../files';
import { brand } from './brand';
import { commandLineResult, workingFolder } from './environment';
import { Fleet, fleetAround, programsObjects } from './fleet';
import { InvalidFleetError } from './invalid-fleet-error';

/**
 * An app whose `synth()` writes what hostdev writes: one tree for all fleets, nothing unless every fleet compiled, only what
 * differs, and never a file that hostdev did not write.
 *
 * Run by `hostdev`, it hands its fleets to the command instead and writes nothing itself. With a plain cdk8s `App` a fleet
 * is a chart like any other: one file per chart, without the index.
 */
export class FleetApp extends App {
  /** Makes an app; `outdir` is cdk8s's. */
  constructor(props: AppProps = {}) {
    super(props);
    brand(this, 'FleetApp');
  }

  /**
   * Compiles every fleet and writes the output folder.
   *
   * @throws InvalidFleetError when a fleet has findings at error level; Error when a validation that the program added
   * fails, when there is no fleet or two of one name, when an object is in no fleet, and when the folder holds a file of
   * somebody else where one of ours must go.
   */
  override synth(): void {
    const constructs = this.node.findAll();
    const fleets = constructs.filter((construct) => Fleet.isFleet(construct));
    for (const fleet of fleets) fleet._announceWriting();
    const result = commandLineResult();
    requireValid(constructs, result !== undefined);
    const programs = programsObjects(constructs);
    requireInFleets(programs);
    if (result !== undefined) {
      result.add(
        fleets.map((fleet) => ({
          ...fleet._compile(),
          outputs: fleet._isValid() ? fleet._outputs(programs) : undefined,
        })),
      );
      return;
    }
    if (fleets.length === 0) throw new Error('the app has no Fleet: there is nothing to write');
    const outputs = fleets.map((fleet) => fleet._outputs(programs));
    const shared = sharedFleetName(outputs);
    if (shared !== undefined) throw new Error(`two fleets of the app are called ${shared}: give one another \`name\``);
    const written = writeTree(this.outdir, assembleOutputs(outputs));
    if (written.kind !== 'written') {
      throw new Error(describeRefusal(displayPath(this.outdir, workingFolder()), written));
    }
  }
}

/** Runs every validation of the tree, as cdk8s does; a fleet's own findings are left to the command when it asked for them. */
function requireValid(constructs: readonly IConstruct[], isForCommand: boolean): void {
  const errors: string[] = [];
  for (const construct of constructs) {
    try {
      for (const error of construct.node.validate()) errors.push(`[${construct.node.path}] ${error}`);
    } catch (error) {
      if (!isForCommand || !InvalidFleetError.isInvalidFleetError(error)) throw error;
    }
  }
  if (errors.length > 0) throw new Error(`Validation failed with the following errors:\n  ${errors.join('\n  ')}`);
}

/** What is in no fleet would be written nowhere; the objects of fleets are in theirs. */
function requireInFleets(programs: readonly ApiObject[]): void {
  const stray = programs.find((object) => fleetAround(object) === undefined);
  if (stray === undefined) return;
  throw new Error(
    `${stray.node.path} is in no Fleet, and a FleetApp writes fleets: put it into one, or use cdk8s's App`,
  );
}
