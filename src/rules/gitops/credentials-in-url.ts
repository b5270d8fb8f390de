import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';

const example = (url: string): string =>
  exampleFleet(`
cluster:
  nodePlatform: openshift
  kubevirt: { version: "1.6" }
  gitops: { tool: argocd, repoURL: ${url} }
`);

export const credentialsInUrl = defineRule({
  code: 'GIT801',
  slug: 'gitops/credentials-in-url',
  severity: 'error',
  needs: [],
  summary: 'the address of the repository holds a password or a token',
  why: `
The address is written into the output, which is committed, and into objects that many people may read. Argo CD and Flux take
credentials from a Secret of their own.`,
  sources: [
    {
      claim: 'where Argo CD takes them from',
      url: 'https://github.com/argoproj/argo-cd/blob/v3.0.0/docs/user-guide/private-repositories.md',
    },
    {
      claim: 'where Flux takes them from (spec.secretRef)',
      url: 'https://github.com/fluxcd/source-controller/blob/v1.6.0/docs/spec/v1/gitrepositories.md',
    },
  ],
  examples: {
    bad: [{ name: 'a token', yaml: example('«"https://bot:token@git.example.com/platform/fleet.git"»') }],
    good: [
      { name: 'none', yaml: example('https://git.example.com/platform/fleet.git') },
      { name: 'the user of SSH is no secret', yaml: example('ssh://git@git.example.com/platform/fleet.git') },
    ],
  },
  *check({ fleet }) {
    const { gitops } = fleet.cluster;
    const isSecret = gitops !== undefined && /^[a-z+.-]+:\/\/[^/@]*:[^/@]*@|^https?:\/\/[^/@]+@/i.test(gitops.repoURL);
    if (!isSecret) return;
    yield {
      message: 'the address of the repository holds credentials',
      primary: { at: placeAt(gitops.place, 'repoURL'), text: 'a user and a password before the @' },
      notes: ['the address is written into files that are committed'],
      help: [
        'remove them, and put them into the Secret that the tool reads',
        'take the password back: whoever read the file has it',
      ],
    };
  },
});
