/**
 * GitLab's pipeline. The job that may write the note runs nothing of the merge request but this file.
 *
 * @param fleet - the argument that names the fleet; empty: the default
 * @see https://docs.gitlab.com/api/notes/#create-new-merge-request-note
 */
export function gitlabPipeline(fleet: string): string {
  const argument = fleet === '' ? '' : ` ${fleet}`;
  return `# Checks the fleet, proves that dist/ is what it compiles to, and writes on a merge request what merging it does.
#
# The note needs PLAN_TOKEN, a masked variable of the project: a project access token of role Reporter with scope api (the token of a
# job may not write notes). Without it the plan is the artifact plan.md.
stages: [check, plan, note]

workflow:
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH

# by major version: security fixes of Node arrive without a change here; what is installed in it is pinned by package-lock.json
default:
  image: node:22

.installed:
  cache:
    key: { files: [package-lock.json] }
    paths: [.npm]
  before_script:
    - npm ci --cache .npm --prefer-offline

check:
  extends: .installed
  stage: check
  script:
    - npx hostdev check${argument} --strict
    - npx hostdev synth${argument} --check
    - npm test

plan:
  extends: .installed
  stage: plan
  needs: []
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  variables:
    GIT_DEPTH: 0
  script:
    - git fetch --quiet origin "+refs/heads/$CI_MERGE_REQUEST_TARGET_BRANCH_NAME:refs/remotes/origin/$CI_MERGE_REQUEST_TARGET_BRANCH_NAME"
    # A hazard is accepted by a label of its name: allow/removes-capacity. Status 3: hazards that nobody accepted.
    - |
      set -f
      set --
      for label in $(printf '%s' "$CI_MERGE_REQUEST_LABELS" | tr ',' ' '); do
        case "$label" in allow/*) set -- "$@" "--allow=\${label#allow/}" ;; esac
      done
      npx hostdev plan${argument} --against "origin/$CI_MERGE_REQUEST_TARGET_BRANCH_NAME" --format markdown "$@" > plan.md
  artifacts:
    when: always
    paths: [plan.md]
    expire_in: 5 days

note:
  stage: note
  needs: [plan]
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event" && $PLAN_TOKEN
      when: always
  variables:
    GIT_STRATEGY: none
  script:
    - |
      cat > note.mjs <<'EOF'
      import { readFileSync } from 'node:fs';
      const { CI_API_V4_URL, CI_PROJECT_ID, CI_MERGE_REQUEST_IID, PLAN_TOKEN } = process.env;
      const notes = CI_API_V4_URL + '/projects/' + CI_PROJECT_ID + '/merge_requests/' + CI_MERGE_REQUEST_IID + '/notes';
      const call = async (url, method, body) => {
        const answer = await fetch(url, {
          method,
          headers: { 'PRIVATE-TOKEN': PLAN_TOKEN, 'Content-Type': 'application/json' },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        if (!answer.ok) throw new Error(method + ' ' + url + ': status ' + answer.status);
        return answer.json();
      };
      const body = readFileSync('plan.md', 'utf8');
      if (body !== '') {
        const there = await call(notes + '?per_page=100&sort=desc', 'GET');
        const mine = there.find((note) => note.body.startsWith('<!-- hostdev plan -->'));
        await (mine === undefined ? call(notes, 'POST', { body }) : call(notes + '/' + mine.id, 'PUT', { body }));
      }
      EOF
    - node note.mjs
`;
}
