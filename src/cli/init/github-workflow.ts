/** The branch that pull requests are merged to, in a new repository. */
const BRANCH = 'main';

/** How to call the program on the fleet: `src/main.ts`, or nothing for `fleet.yaml`. */
function withFleet(command: string, fleet: string): string {
  return fleet === '' ? command : `${command} ${fleet}`;
}

/**
 * GitHub's workflow. It runs code of the pull request, so it can read and nothing else.
 *
 * @param fleet - the argument that names the fleet; empty: the default
 * @see https://docs.github.com/en/actions/reference/security/secure-use
 */
export function githubWorkflow(fleet: string): string {
  return `# Checks the fleet, and proves that dist/ is what it compiles to.
name: fleet
on:
  pull_request:
  push:
    branches: [${BRANCH}]

permissions:
  contents: read

# Actions are pinned by commit: a tag can be moved by whoever owns it.
jobs:
  check:
    runs-on: ubuntu-latest
    timeout-minutes: 15
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with: { persist-credentials: false }
      - uses: actions/setup-node@49933ea5288caeca8642d1e84afbd3f7d6820020 # v4.4.0
        with: { node-version: 22, cache: npm }
      - run: npm ci
      - run: npx hostdev ${withFleet('check', fleet)} --strict --format github
      - run: npx hostdev ${withFleet('synth', fleet)} --check
      - run: npm test
`;
}
