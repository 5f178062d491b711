/** Pages by the last word of AWS's own addresses that have no details. */
const pages: Readonly<Record<string, string>> = {
  home: '/iam/home',
  users: '/iam/users',
  'users/create': '/iam/users/create',
  groups: '/iam/groups',
  'groups/create': '/iam/groups/create',
  roles: '/iam/roles',
  'roles/create': '/iam/roles/create',
  policies: '/iam/policies',
  'policies/create': '/iam/policies/create',
  identity_providers: '/iam/identity-providers',
  account_settings: '/iam/account-settings',
  credential_report: '/iam/credential-report',
  security_credential: '/security-credentials',
  security_credentials: '/security-credentials',
};

/** Our address for what AWS writes after the # of /iam/home; '' where it says nothing that we have. */
export function fromLegacy(hash: string): string {
  const path = hash.replace(/^#\/?/, '').split('?')[0]!;
  if (Object.hasOwn(pages, path)) return pages[path] === '/iam/home' ? '' : pages[path]!;
  const details = /^(users|groups|roles)\/(?:details\/)?([^/]+)/.exec(path);
  if (details) return `/iam/${details[1]}/${details[2]}`;
  const policy = /^policies\/details\/(.+)$/.exec(path) ?? /^policies\/(arn:.+)$/.exec(path);
  if (policy) return `/iam/policies/details/${decode(policy[1]!)}`;
  return '';
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
