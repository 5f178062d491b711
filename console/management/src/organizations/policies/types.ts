import type { PolicyType } from '@aws-sdk/client-organizations';
import type { PolicyKind } from '../../policy-editor/findings';
import { slug } from '../paths';

/** What the console knows of a type of policy; its names are in the messages. */
export interface TypeFacts {
  type: PolicyType;
  /** How the editor judges a document. */
  kind: PolicyKind;
  /** It limits what principals or resources may do; the others say how services are set up, and are merged into one. */
  authorization: boolean;
  /** What a new document begins with. */
  blank: string;
}

const json = (document: object): string => JSON.stringify(document, null, 4);
const statement = (...statements: object[]): string => json({ Version: '2012-10-17', Statement: statements });

const management = (type: PolicyType, document: object): TypeFacts => ({ type, kind: 'other', authorization: false, blank: json(document) });

export const policyTypes: readonly TypeFacts[] = [
  {
    type: 'SERVICE_CONTROL_POLICY',
    kind: 'service-control',
    authorization: true,
    blank: statement({ Sid: 'DenyLeaving', Effect: 'Deny', Action: ['organizations:LeaveOrganization'], Resource: '*' }),
  },
  {
    type: 'RESOURCE_CONTROL_POLICY',
    kind: 'resource-control',
    authorization: true,
    blank: statement({
      Sid: 'OnlyOverEncryptedConnections',
      Effect: 'Deny',
      Principal: '*',
      Action: ['sts:*'],
      Resource: '*',
      Condition: { BoolIfExists: { 'aws:SecureTransport': 'false' } },
    }),
  },
  management('TAG_POLICY', { tags: { CostCenter: { tag_key: { '@@assign': 'CostCenter' } } } }),
  management('BACKUP_POLICY', { plans: {} }),
  management('AISERVICES_OPT_OUT_POLICY', { services: { default: { opt_out_policy: { '@@assign': 'optOut' } } } }),
  management('CHATBOT_POLICY', { chatbot: { platforms: {} } }),
  management('DECLARATIVE_POLICY_EC2', { ec2_attributes: { image_block_public_access: { state: { '@@assign': 'block_new_sharing' } } } }),
  management('SECURITYHUB_POLICY', { securityhub: {} }),
  management('INSPECTOR_POLICY', { inspector: {} }),
  management('UPGRADE_ROLLOUT_POLICY', { upgrade_rollout: {} }),
  management('BEDROCK_POLICY', { bedrock: {} }),
  management('S3_POLICY', { s3_attributes: {} }),
  management('NETWORK_SECURITY_DIRECTOR_POLICY', { network_security_director: {} }),
];

/** The type that an address names. */
export const typeOf = (named: string): TypeFacts | undefined => policyTypes.find(({ type }) => slug(type) === named);

/** In characters (models/organizations.json). */
export const LONGEST_NAME = 128;
export const LONGEST_DESCRIPTION = 512;
