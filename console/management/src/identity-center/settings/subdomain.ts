/** Whether a portal's subdomain can be this: a DNS label that no directory's id looks like. */
export function isSubdomain(text: string): boolean {
  return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text) && !/^d-[a-z0-9]{10}$/.test(text);
}

/** The portal's address with another subdomain in place of the first label of its host. */
export function portalUrlWith(url: string, subdomain: string): string {
  const changed = new URL(url);
  changed.host = changed.host.replace(/^[^.]+/, subdomain);
  return changed.href;
}
