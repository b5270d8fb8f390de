import type { PinnedVersions } from './pinned-versions';

/** What a new repository is made of, whichever door its fleet takes. */
export interface Repository {
  readonly name: string;
  readonly door: 'typescript' | 'yaml';
  /** The argument that names the fleet to the program; empty: the default, `fleet.yaml`. */
  readonly fleet: string;
  readonly dependencies: PinnedVersions;
  readonly devDependencies: PinnedVersions;
  /** Versions forced on what the development dependencies bring. */
  readonly overrides: PinnedVersions;
  /** The version of cdk8s-cli that makes imports. */
  readonly cdk8sCli: string;
}

/** package.json: versions are exact, so that a fleet compiles to the same bytes until somebody decides otherwise. */
export function packageFile(repository: Repository): string {
  const { name, door, fleet, dependencies, devDependencies, overrides } = repository;
  const argument = fleet === '' ? '' : ` ${fleet}`;
  const content = {
    name,
    version: '0.0.0',
    private: true,
    engines: { node: '>=20.19' },
    scripts: {
      check: `hostdev check${argument}`,
      synth: `hostdev synth${argument}`,
      fresh: `hostdev synth${argument} --check`,
      plan: `hostdev plan${argument} --against main`,
      ...(door === 'yaml'
        ? { schema: 'hostdev schema > schema/fleet.schema.json', test: 'node --test' }
        : { test: 'tsc && jest --ci' }),
    },
    dependencies,
    ...(door === 'yaml'
      ? {}
      : {
          devDependencies,
          overrides,
          jest: {
            testEnvironment: 'node',
            testMatch: ['<rootDir>/test/**/*.test.ts'],
            transform: { '^.+\\.ts$': 'ts-jest' },
          },
        }),
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

/** dist/ is kept: it is what the cluster takes, and what a reviewer reads. */
export const GITIGNORE = `node_modules/
coverage/
`;

/** dist/ is compared byte by byte: no checkout may change the ends of its lines. */
export const GITATTRIBUTES = `* text=auto eol=lf
dist/** -text linguist-generated
`;

/** What belongs into imports/. */
export function importsReadme(cdk8sCli: string): string {
  return `# imports

Typed constructs for other objects beside the fleet, made by cdk8s from their CustomResourceDefinitions:

    npx cdk8s-cli@${cdk8sCli} import application-crd.yaml --language typescript --output imports

Nobody edits them. They are for objects of your own only: \`hostdev\` validates the fleet against the API of the release that it is for.
`;
}

/** The page a newcomer reads first. */
export function readme({ name, door }: Repository): string {
  const where =
    door === 'yaml'
      ? '`fleet.yaml` is the fleet; editors complete it from `schema/fleet.schema.json` (`npm run schema` writes it anew).'
      : '`src/fleet.ts` is the fleet, `src/main.ts` the program that writes it.';
  return `# ${name}

The host devices of a KubeVirt cluster, declared once: which functions of which nodes are handed to VMs, and which VMs use them.

    npm install && npm run synth    # compiles the fleet into dist/, and says what it wrote and what it found
    npm test                        # tests the fleet
    npm run plan                    # says what merging does to the cluster: nodes that reboot, VMs that stop

Commit \`package-lock.json\` and \`dist/\`: continuous integration installs from the one, and proves that the other is what the fleet
compiles to.

## What is where

${where}
\`inventory/\` holds the hardware, one file per node; \`dist/\` what the cluster takes; \`test/\` what must stay true.
\`.github/workflows/fleet.yaml\` and \`.gitlab-ci.yml\` do the same: check the fleet, prove that \`dist/\` is fresh, and put the plan on the pull
request. Delete the one that you do not need. A plan with hazards that nobody accepted fails: see \`ACCEPTED\` in it.

## From the example to your cluster

The one node here, \`inventory/node01.yaml\`, was made from \`captures/node01.lspci\`. Yours come the same way:

    lspci -Dnnvv > captures/NODE.lspci                        # on the node, as root
    npx hostdev import captures/NODE.lspci --node NODE
    rm captures/node01.lspci inventory/node01.yaml

Better is the collector, which also sees what the host itself needs: \`npx hostdev import --collector\` prints it. Then say in the fleet what your
platform is, which nodes there are and what they hand over. \`npm run check\` says what is wrong with it, and \`npx hostdev explain CODE\` why.
`;
}
