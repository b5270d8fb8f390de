import { App, type AppProps } from 'cdk8s';
import { assembleOutputs } from '../compile';
import { describeRefusal, displayPath, writeTree } from '../files';
import { brand } from './brand';
import { commandLineResult, workingFolder } from './environment';
import { Fleet } from './fleet';

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
   * @throws InvalidFleetError when a fleet has findings at error level; Error when the folder holds a file of somebody else
   * where one of ours must go.
   */
  override synth(): void {
    const fleets = this.node.findAll().filter((construct) => Fleet.isFleet(construct));
    const result = commandLineResult();
    if (result !== undefined) {
      result.write(fleets.map((fleet) => fleet._compile()));
      return;
    }
    const outputs = assembleOutputs(fleets.map((fleet) => fleet._outputs()));
    const written = writeTree(this.outdir, outputs);
    if (written.kind !== 'written')
      throw new Error(describeRefusal(displayPath(this.outdir, workingFolder()), written));
  }
}
