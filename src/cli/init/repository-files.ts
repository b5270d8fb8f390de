import { sampleNode } from './node-sample';
import { githubWorkflow } from './github-workflow';
import { gitlabPipeline } from './gitlab-pipeline';
import { GITATTRIBUTES, GITIGNORE, importsReadme, packageFile, readme, type Repository } from './shared-files';
import { typescriptFiles } from './typescript-files';
import { yamlFiles } from './yaml-files';

/** Every file of a new repository, text by path, in the order of paths. */
export function repositoryFiles(repository: Repository, schema: string): ReadonlyMap<string, string> {
  const { name, door, fleet } = repository;
  const files = new Map([
    ['package.json', packageFile(repository)],
    ['README.md', readme(repository)],
    ['.gitignore', GITIGNORE],
    ['.gitattributes', GITATTRIBUTES],
    ['.github/workflows/fleet.yaml', githubWorkflow(fleet)],
    ['.gitlab-ci.yml', gitlabPipeline(fleet)],
    ...sampleNode(),
    ...(door === 'yaml'
      ? yamlFiles(name, schema)
      : [...typescriptFiles(name), ['imports/README.md', importsReadme(repository.cdk8sCli)]]),
  ] as [string, string][]);
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}
