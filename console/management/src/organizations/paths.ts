/** The section's addresses, which are AWS's where AWS has the page. */
export const base = '/organizations/v2/home';

export const paths = {
  accounts: `${base}/accounts`,
  account: (id: string) => `${base}/accounts/${encodeURIComponent(id)}`,
  create: `${base}/accounts/add/create`,
  invite: `${base}/accounts/add/invite`,
  root: (id: string) => `${base}/root/${encodeURIComponent(id)}`,
  unit: (id: string) => `${base}/organizational-units/${encodeURIComponent(id)}`,
  invitations: `${base}/invitations`,
  services: `${base}/services`,
  policies: `${base}/policies`,
  policyType: (type: string) => `${base}/policies/${slug(type)}`,
  createPolicy: (type: string) => `${base}/policies/${slug(type)}/create`,
  policy: (type: string, id: string) => `${base}/policies/${slug(type)}/${encodeURIComponent(id)}`,
  settings: `${base}/settings`,
} as const;

/** SERVICE_CONTROL_POLICY → service-control-policy, as AWS's addresses have it. */
export const slug = (type: string): string => type.toLowerCase().replaceAll('_', '-');

/** The page of a root, a unit or an account, by the form of its id. */
export function targetHref(id: string): string {
  if (id.startsWith('r-')) return paths.root(id);
  return id.startsWith('ou-') ? paths.unit(id) : paths.account(id);
}
