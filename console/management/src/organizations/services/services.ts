/** Services that work with an organization, by their principals; the names are the same in every language. */
const names: Readonly<Record<string, string>> = {
  'account.amazonaws.com': 'AWS Account Management',
  'sso.amazonaws.com': 'AWS IAM Identity Center',
  'iam.amazonaws.com': 'AWS Identity and Access Management',
  'access-analyzer.amazonaws.com': 'IAM Access Analyzer',
  'cloudtrail.amazonaws.com': 'AWS CloudTrail',
  'servicequotas.amazonaws.com': 'Service Quotas',
  'tagpolicies.tag.amazonaws.com': 'Tag policies',
  'reporting.trustedadvisor.amazonaws.com': 'AWS Trusted Advisor',
  'config.amazonaws.com': 'AWS Config',
  'controltower.amazonaws.com': 'AWS Control Tower',
  'guardduty.amazonaws.com': 'Amazon GuardDuty',
  'securityhub.amazonaws.com': 'AWS Security Hub',
  'backup.amazonaws.com': 'AWS Backup',
  'ram.amazonaws.com': 'AWS Resource Access Manager',
  'member.org.stacksets.cloudformation.amazonaws.com': 'AWS CloudFormation StackSets',
};

export const knownPrincipals: readonly string[] = Object.keys(names);

export const serviceName = (principal: string): string => names[principal] ?? principal;

/** The form of a service's principal (models/organizations.json). */
export const isPrincipal = (text: string): boolean => /^[\w+=,.@-]{1,128}$/.test(text) && text.includes('.');
