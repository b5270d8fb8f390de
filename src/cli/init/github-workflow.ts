/** The branch that pull requests are merged to, in a new repository. */
const BRANCH = 'main';

/** How to call the program on the fleet: `src/main.ts`, or nothing for `fleet.yaml`. */
function withFleet(command: string, fleet: string): string {
  return fleet === '' ? command : `${command} ${fleet}`;
}

/**
 * GitHub's workflow. What runs code of the pull request can read and nothing else; what may write the comment runs no code of it.
 *
 * @param fleet - the argument that names the fleet; empty: the default
 * @see https://docs.github.com/en/actions/reference/security/secure-use
 */
export function githubWorkflow(fleet: string): string {
  return `# Checks the fleet, proves that dist/ is what it compiles to, and writes on a pull request what merging it does.
name: fleet
on:
  pull_request:
    types: [opened, synchronize, reopened, labeled, unlabeled]
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
    outputs:
      status: \${{ steps.plan.outputs.status }}
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with: { persist-credentials: false, fetch-depth: 0 }
      - uses: actions/setup-node@49933ea5288caeca8642d1e84afbd3f7d6820020 # v4.4.0
        with: { node-version: 22, cache: npm }
      - run: npm ci
      # A hazard is accepted by a label of its name: allow/removes-capacity. Only who may triage can set labels.
      - id: plan
        env:
          BASE: origin/\${{ github.base_ref }}
          LABELS: \${{ join(github.event.pull_request.labels.*.name, ' ') }}
        run: |
          set -f
          allowed=()
          for label in $LABELS; do
            case "$label" in allow/*) allowed+=("--allow=\${label#allow/}") ;; esac
          done
          status=0
          npx hostdev ${withFleet('plan', fleet)} --against "$BASE" --format markdown "\${allowed[@]}" > plan.md || status=$?
          cat plan.md >> "$GITHUB_STEP_SUMMARY"
          echo "status=$status" >> "$GITHUB_OUTPUT"
      - uses: actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2
        with: { name: plan, path: plan.md, retention-days: 5 }
      # 3: hazards that nobody accepted
      - run: exit "$STATUS"
        env:
          STATUS: \${{ steps.plan.outputs.status }}

  # The only job that may write. It runs nothing that the pull request brings: the plan is text to it.
  comment:
    needs: plan
    # the token of a fork's pull request may not write: there the plan is in the summary of the run
    if: >-
      \${{ !cancelled() && needs.plan.outputs.status != ''
      && github.event.pull_request.head.repo.full_name == github.repository }}
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions:
      pull-requests: write
    steps:
      - uses: actions/download-artifact@d3f86a106a0bac45b974a628896c90dbdf5c8093 # v4.3.0
        with: { name: plan }
      - env:
          GH_TOKEN: \${{ github.token }}
          REPOSITORY: \${{ github.repository }}
          NUMBER: \${{ github.event.pull_request.number }}
        run: |
          [ -s plan.md ] || exit 0
          mine='.[] | select(.user.login == "github-actions[bot]" and (.body | startswith("<!-- hostdev plan -->"))) | .id'
          id=$(gh api --paginate "repos/$REPOSITORY/issues/$NUMBER/comments" --jq "$mine" | head -n 1)
          if [ -n "$id" ]; then
            gh api --silent --method PATCH "repos/$REPOSITORY/issues/comments/$id" -F body=@plan.md
          else
            gh api --silent "repos/$REPOSITORY/issues/$NUMBER/comments" -F body=@plan.md
          fi
`;
}
