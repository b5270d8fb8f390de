import { planScript } from './plan-script';

/**
 * GitLab's pipeline.
 *
 * @param fleet - the argument that names the fleet; empty: the default
 */
export function gitlabPipeline(fleet: string): string {
  const argument = fleet === '' ? '' : ` ${fleet}`;
  return `# Checks the fleet, proves that dist/ is what it compiles to, and says on the merge request what merging it does.
stages: [check, comment]

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
  stage: check
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  variables:
    # the commit that the change began at must be there
    GIT_DEPTH: '0'
    # Hazards that this change may have, for who reviews this line to accept: \`--allow reboots-nodes\`. Empty it after the merge.
    ACCEPTED: ''
  script:
    - |
${planScript(fleet, '"$CI_MERGE_REQUEST_DIFF_BASE_SHA"').replace(/^(?=.)/gm, '      ')}
  artifacts:
    when: always
    expose_as: plan
    paths: [plan.md]

# Puts the plan on the merge request where the project has PLAN_TOKEN, a masked access token with the scope \`api\`. It runs nothing of the
# change; without the token the plan is a link on the merge request.
comment:
  stage: comment
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event" && $PLAN_TOKEN
      when: always
  needs: [{ job: plan, artifacts: true }]
  variables:
    GIT_STRATEGY: none
  script:
    - >-
      curl --fail --silent --show-error --header "PRIVATE-TOKEN: $PLAN_TOKEN" --data-urlencode body@plan.md
      "$CI_API_V4_URL/projects/$CI_PROJECT_ID/merge_requests/$CI_MERGE_REQUEST_IID/notes"
`;
}
