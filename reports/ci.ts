type Environment = Readonly<Record<string, string | undefined>>;

/** The page of the build that this process belongs to, where people find its log and its artifacts; undefined outside of CI. */
export function buildUrl(env: Environment = process.env): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = env;
  if (server && repository && id) return `${server}/${repository}/actions/runs/${id}`;
  return env.CI_JOB_URL || env.BUILD_URL || undefined;
}

/** Where the repository that is built was checked out, so that files can be named as its service knows them. */
export function checkout(env: Environment = process.env): string {
  return env.GITHUB_WORKSPACE || env.CI_PROJECT_DIR || env.WORKSPACE || process.cwd();
}
