/*
 * Writes imports/: what `cdk8s import` makes of the published CustomResourceDefinitions. Run it as
 * `node tools/import-crds.mjs` where these are beside the checkout; no network is used.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const CRDS = join(ROOT, '..', 'shared', 'crds');

/** Files of CustomResourceDefinitions, each named after its API group; what is made of them takes the same name. */
const GROUPS = [
  'argoproj.io',
  'hco.kubevirt.io',
  'kubevirt.io',
  'kustomize.toolkit.fluxcd.io',
  'machineconfiguration.openshift.io',
  'nfd.k8s-sigs.io',
];

const require = createRequire(import.meta.url);
const cli = require.resolve('cdk8s-cli/package.json');
const { version } = JSON.parse(readFileSync(cli, 'utf8'));

if (!existsSync(CRDS)) {
  process.stderr.write(
    'imports/ stays as it is: the published CustomResourceDefinitions are not beside this checkout\n',
  );
  process.exit(2);
}

const scratch = mkdtempSync(join(tmpdir(), 'import-crds-'));
try {
  for (const group of GROUPS) {
    // saving would write a cdk8s.yaml, and the check for a newer version asks the network
    const options = ['--language', 'typescript', '--output', scratch, '--no-save', '--no-check-upgrade'];
    execFileSync(
      process.execPath,
      [join(dirname(cli), 'bin', 'cdk8s'), 'import', join(CRDS, `${group}.yaml`), ...options],
      {
        cwd: scratch,
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
    const made = `// Made by cdk8s-cli ${version} from the CustomResourceDefinitions of ${group}. Make it again: node tools/import-crds.mjs\n`;
    writeFileSync(join(ROOT, 'imports', `${group}.ts`), made + readFileSync(join(scratch, `${group}.ts`), 'utf8'));
    process.stdout.write(`imports/${group}.ts\n`);
  }
} finally {
  rmSync(scratch, { recursive: true });
}
