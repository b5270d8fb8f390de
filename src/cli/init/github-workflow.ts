import { planScript } from './plan-script';

/** The branch that pull requests are merged to, in a new repository. */
const BRANCH = 'main';

function indented(text: string, pad: string): string {
  return text.replace(/^(?=.)/gm, pad);
}

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
  return `# Checks the fleet, proves that dist/ is what it compiles to, and says on the pull request what merging it does.
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

  plan:
    if: github.event_name == 'pull_request'
    runs-on: ubuntu-latest
    timeout-minutes: 15
    env:
      # Hazards that this change may have, for who reviews this line to accept: \`--allow reboots-nodes\`. Empty it after the merge.
      ACCEPTED: ''
    steps:
      # what is checked out is the merge: its first parent is the branch that the change goes to
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with: { persist-credentials: false, fetch-depth: 2 }
      - uses: actions/setup-node@49933ea5288caeca8642d1e84afbd3f7d6820020 # v4.4.0
        with: { node-version: 22, cache: npm }
      - run: npm ci
      - run: |
${indented(planScript(fleet, 'HEAD^1'), '          ')}
      - if: always()
        run: cat plan.md >> "$GITHUB_STEP_SUMMARY"
      - if: always()
        uses: actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2
        with: { name: plan, path: plan.md, if-no-files-found: error }

  # May write to the pull request, and so runs nothing of it: the plan is a text to this job. Forks cannot have that right.
  comment:
    needs: plan
    if: always() && github.event_name == 'pull_request' && github.event.pull_request.head.repo.full_name == github.repository
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions:
      pull-requests: write
    steps:
      - uses: actions/download-artifact@d3f86a106a0bac45b974a628896c90dbdf5c8093 # v4.3.0
        with: { name: plan }
      - run: gh pr comment "$NUMBER" --repo "$REPOSITORY" --body-file plan.md --edit-last --create-if-none
        env:
          GH_TOKEN: \${{ github.token }}
          NUMBER: \${{ github.event.number }}
          REPOSITORY: \${{ github.repository }}
`;
}
