/**
 * GitLab's pipeline.
 *
 * @param fleet - the argument that names the fleet; empty: the default
 */
export function gitlabPipeline(fleet: string): string {
  const argument = fleet === '' ? '' : ` ${fleet}`;
  return `# Checks the fleet, and proves that dist/ is what it compiles to.
stages: [check]

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
`;
}
