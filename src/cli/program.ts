import { Command, CommanderError, Option } from 'commander';
import { createHash } from 'node:crypto';
import { version } from '../version';
import { check, type CheckOptions } from './commands/check';
import { explain, EXPLAIN_FORMATS, type ExplainOptions } from './commands/explain';
import { importInventory, type ImportOptions } from './commands/import';
import { init, type InitOptions } from './commands/init';
import { plan, PLAN_FORMATS, type PlanOptions } from './commands/plan';
import { printSchema } from './commands/schema';
import { synth } from './commands/synth';
import { EXIT_STATUS, type ExitStatus } from './exit-status';
import type { ColorChoice } from './paint';
import { REPORT_FORMATS, type ReportOptions } from './show-report';
import { UsageError } from './usage-error';
import type { World } from './world';

/** Options that every command has. */
interface SharedOptions {
  readonly color: ColorChoice;
}

/** Runs one invocation. Everything it touches is in `world`; gives the exit status and never throws. */
export function runProgram(args: readonly string[], world: World): ExitStatus {
  let status: ExitStatus = EXIT_STATUS.done;
  const program = makeProgram(world, (result) => (status = result));
  try {
    program.parse(args, { from: 'user' });
    return status;
  } catch (error) {
    return report(error, args, world);
  }
}

/** The commands with their options and help, for the program and for the generated reference. */
export function makeProgram(world: World, done: (status: ExitStatus) => void): Command {
  const program = new Command('hostdev')
    .description('Compiles a declared fleet of KubeVirt host devices into manifests that agree.')
    .version(version)
    .addOption(new Option('--color <when>', 'colour the output').choices(['auto', 'always', 'never']).default('auto'))
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeOut: world.writeOut, writeErr: world.writeError, getOutHelpWidth: () => 100 });
  const shared = (): SharedOptions => program.opts<SharedOptions>();

  program
    .command('init')
    .description('make a new fleet repository; nothing that is there is overwritten')
    .argument('[folder]', 'the folder; the fleet is named after it', '.')
    .option('--yaml', 'the fleet as fleet.yaml; without it, as a TypeScript program of constructs')
    .action((folder: string, options: InitOptions) => done(init(world, folder, options)));

  reportOptions(program.command('check'))
    .description('run every rule; write nothing')
    .argument('[fleet]', 'a YAML file, a folder of them, or a TypeScript or JavaScript app (default: "fleet.yaml")')
    .option('--manifests <folder>', 'check Kubernetes objects that no fleet wrote, instead of a fleet')
    .option('--inventory <folder>', 'with --manifests: the folder of node inventories')
    .option(
      '--kubevirt <version>',
      "with --manifests: KubeVirt's release, where its object does not say it; with a fleet: what changes over a range of " +
        'releases, 1.6..1.9',
    )
    .action((fleet: string | undefined, options: CheckOptions) =>
      done(check(world, fleet, { ...shared(), ...options })),
    );

  reportOptions(program.command('synth'))
    .description('check, then write what differs')
    .argument('[fleet]', 'a YAML file, a folder of them, or a TypeScript or JavaScript app', 'fleet.yaml')
    .option('-o, --output <folder>', 'the output folder', 'dist')
    .option('--check', 'write nothing; fail when the folder is not what would be written')
    .action((fleet: string, options: ReportOptions & { output: string; check?: true }) =>
      done(synth(world, fleet, { ...shared(), ...options, check: options.check === true })),
    );

  program
    .command('plan')
    .description('say what merging this fleet does to the cluster; write nothing')
    .argument('[fleet]', 'a YAML file, a folder of them, or a TypeScript or JavaScript app', 'fleet.yaml')
    .requiredOption(
      '--against <ref|folder>',
      'what is there: a folder that `hostdev synth` wrote, else a commit that has one (no code of it is run); `none` for nothing',
    )
    .option('-o, --output <folder>', 'the output folder in that commit', 'dist')
    .option('--allow <hazard>', 'accept a hazard by its name; may be repeated', collected, [])
    .addOption(new Option('--format <format>', 'how the plan is printed').choices(PLAN_FORMATS).default('text'))
    .action((fleet: string, options: Omit<PlanOptions, 'color'>) =>
      done(plan(world, fleet, { ...shared(), ...options })),
    );

  reportOptions(program.command('import'))
    .description("read a node's hardware into an inventory file, or objects that no fleet wrote into a fleet")
    .argument(
      '[source]',
      'what lspci -Dnnk or -Dnnv prints, a captured sysfs tree (folder, tar, tar.gz), or the archive of the collector ' +
        '(`-` reads standard input)',
    )
    .option('--node <name>', 'the Kubernetes Node that it was taken on')
    .option(
      '-o, --output <folder>',
      'the folder of the inventory (default: "inventory"); with --manifests the folder of the fleet (default: ".")',
    )
    .option('--hardware <name>', 'write only what differs from hardware/NAME.yaml, which identical machines share')
    .option('--check', 'write nothing; fail when the node is not as its inventory file says')
    .option('--collector', 'print the program that takes a capture on a node, and do nothing else')
    .option('--manifests <folder>', 'write a fleet for the Kubernetes objects in a folder that changes none of them')
    .option('--kubevirt <version>', "with --manifests: KubeVirt's release, where its object does not say it")
    .action((source: string | undefined, options: Omit<ImportOptions, 'color'>) =>
      done(importInventory(world, source, { ...shared(), ...options })),
    );

  program
    .command('explain')
    .description('print the page of a rule, or the whole chain of a VM, a node or a device')
    .argument('<what>', 'PCI102, pci/duplicate-selector, vm/NAME, vm/NAMESPACE/NAME, node/NAME, device/NAME')
    .option('--fleet <fleet>', 'the fleet that the VM, node or device is in (default: "fleet.yaml")')
    .addOption(new Option('--format <format>', 'how a chain is printed').choices(EXPLAIN_FORMATS).default('text'))
    .action((what: string, options: Omit<ExplainOptions, 'color'>) =>
      done(explain(world, what, { ...shared(), ...options })),
    );

  program
    .command('schema')
    .description("print the fleet's JSON Schema, for editors")
    .action(() => done(printSchema(world)));

  for (const command of program.commands) command.exitOverride();
  return program;
}

/** The values of an option that may be repeated. */
function collected(value: string, values: readonly string[]): readonly string[] {
  return [...values, value];
}

function reportOptions(command: Command): Command {
  return command
    .addOption(new Option('--format <format>', 'how findings are printed').choices(REPORT_FORMATS).default('text'))
    .option('--strict', 'fail on warnings too');
}

function report(error: unknown, args: readonly string[], world: World): ExitStatus {
  // commander has printed help, the version or its own complaint
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_STATUS.done : EXIT_STATUS.usage;
  if (error instanceof UsageError) {
    world.writeError(`hostdev: ${error.message}\n`);
    return EXIT_STATUS.usage;
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const fingerprint = createHash('sha256')
    .update(trace.replace(/\(.*?\)/g, ''))
    .digest('hex')
    .slice(0, 12);
  world.writeError(
    `hostdev: a bug of hostdev's own (${fingerprint}); please report it with the command and its input\n` +
      `  command: hostdev ${args.join(' ')}\n${trace}\n`,
  );
  return EXIT_STATUS.internal;
}
