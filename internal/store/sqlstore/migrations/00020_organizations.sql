-- +goose Up

-- Organizations and instances of Identity Center become plural, and
-- organisational units things of their own, with ids.

CREATE TABLE organizations (
  id                 TEXT PRIMARY KEY,
  management_account TEXT NOT NULL,
  root               TEXT NOT NULL,
  features           TEXT NOT NULL,
  policy_types       TEXT NOT NULL, -- those that are enabled
  created_at         BIGINT NOT NULL
);
CREATE UNIQUE INDEX organizations_management_account ON organizations (management_account);
CREATE UNIQUE INDEX organizations_root ON organizations (root);
INSERT INTO organizations
SELECT id, management_account, 'r-' || substr(id || '0000', 3, 4), 'ALL', '["RESOURCE_CONTROL_POLICY","SERVICE_CONTROL_POLICY"]', created_at
FROM organization;
DROP TABLE organization;

CREATE TABLE organizational_units (
  id           TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organizations (id),
  parent       TEXT NOT NULL, -- root or unit
  name         TEXT NOT NULL,
  path         TEXT NOT NULL, -- of ids: o-…/r-…/ou-…/
  created_at   BIGINT NOT NULL,
  from_file    BIGINT NOT NULL
);
CREATE UNIQUE INDEX organizational_units_name ON organizational_units (parent, name);
CREATE UNIQUE INDEX organizational_units_parent ON organizational_units (parent, id);
CREATE INDEX organizational_units_organization ON organizational_units (organization, path);

-- Every unit that accounts were in, by its names from the root, and the one above it.
CREATE TABLE former_units (name_path TEXT PRIMARY KEY, above TEXT NOT NULL, id TEXT NOT NULL);
INSERT INTO former_units (name_path, above, id)
WITH RECURSIVE
n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000),
heads (name_path) AS (
  SELECT DISTINCT substr(a.ou_path, 1, n.i - 1) FROM accounts a CROSS JOIN n
  WHERE a.ou_path <> '' AND n.i > 1 AND n.i <= length(a.ou_path) + 1 AND substr(a.ou_path || '/', n.i, 1) = '/'
),
numbered (name_path, number) AS (SELECT name_path, '' || row_number() OVER (ORDER BY name_path) FROM heads)
SELECT u.name_path,
       COALESCE((SELECT h.name_path FROM heads h WHERE substr(u.name_path, 1, length(h.name_path) + 1) = h.name_path || '/'
                 ORDER BY length(h.name_path) DESC LIMIT 1), ''),
       'ou-' || substr(o.root, 3) || '-' || substr('00000000' || u.number, length(u.number) + 1)
FROM numbered u CROSS JOIN organizations o;

INSERT INTO organizational_units (id, organization, parent, name, path, created_at, from_file)
WITH RECURSIVE tree (id, organization, parent, name, path, name_path, created_at) AS (
  SELECT u.id, o.id, o.root, u.name_path, o.id || '/' || o.root || '/' || u.id || '/', u.name_path, o.created_at
  FROM former_units u CROSS JOIN organizations o WHERE u.above = ''
  UNION ALL
  SELECT u.id, t.organization, t.id, substr(u.name_path, length(t.name_path) + 2), t.path || u.id || '/', u.name_path, t.created_at
  FROM tree t CROSS JOIN former_units u WHERE u.above = t.name_path
)
SELECT id, organization, parent, name, path, created_at, 1 FROM tree;

ALTER TABLE accounts ADD COLUMN organization TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN org_path TEXT NOT NULL DEFAULT ''; -- of ids, down to the parent
ALTER TABLE accounts ADD COLUMN joined_method TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN joined_at BIGINT NOT NULL DEFAULT 0;
UPDATE accounts SET
  organization = COALESCE((SELECT o.id FROM organizations o), ''),
  org_path = COALESCE((SELECT u.path FROM organizational_units u CROSS JOIN former_units f WHERE f.id = u.id AND f.name_path = accounts.ou_path),
                      (SELECT o.id || '/' || o.root || '/' FROM organizations o), ''),
  joined_method = 'CREATED',
  joined_at = created_at
WHERE standalone = 0;
ALTER TABLE accounts DROP COLUMN standalone;
ALTER TABLE accounts DROP COLUMN ou_path;
CREATE INDEX accounts_organization ON accounts (organization, id);
CREATE INDEX accounts_org_path ON accounts (org_path, id);

ALTER TABLE org_policies ADD COLUMN organization TEXT NOT NULL DEFAULT '';
ALTER TABLE org_policies ADD COLUMN description TEXT NOT NULL DEFAULT '';
UPDATE org_policies SET organization = COALESCE((SELECT id FROM organizations), '');
DROP INDEX org_policies_name;
CREATE UNIQUE INDEX org_policies_name ON org_policies (organization, policy_type, name);

-- What is attached where. AWS's own policies are in every organization and in no table.
CREATE TABLE org_attachments (
  target       TEXT NOT NULL, -- root, unit or account
  policy_id    TEXT NOT NULL,
  policy_type  TEXT NOT NULL,
  organization TEXT NOT NULL REFERENCES organizations (id),
  PRIMARY KEY (target, policy_id)
);
CREATE UNIQUE INDEX org_attachments_policy ON org_attachments (organization, policy_id, target);
INSERT INTO org_attachments
SELECT COALESCE(f.id, CASE WHEN t.target = '/' THEN o.root ELSE t.target END), t.policy_id, p.policy_type, o.id
FROM org_policy_targets t CROSS JOIN organizations o JOIN org_policies p ON p.id = t.policy_id LEFT JOIN former_units f ON f.name_path = t.target;
INSERT INTO org_attachments SELECT root, 'p-FullAWSAccess', 'SERVICE_CONTROL_POLICY', id FROM organizations;
INSERT INTO org_attachments SELECT id, 'p-FullAWSAccess', 'SERVICE_CONTROL_POLICY', organization FROM organizational_units;
INSERT INTO org_attachments SELECT id, 'p-FullAWSAccess', 'SERVICE_CONTROL_POLICY', organization FROM accounts WHERE organization <> '';
INSERT INTO org_attachments SELECT target, 'p-RCPFullAWSAccess', 'RESOURCE_CONTROL_POLICY', organization FROM org_attachments WHERE policy_id = 'p-FullAWSAccess';
DROP TABLE org_policy_targets;
DROP TABLE former_units;

CREATE TABLE instances (
  id              TEXT PRIMARY KEY,
  directory_id    TEXT NOT NULL,
  region          TEXT NOT NULL,
  subdomain       TEXT, -- NULL for none
  name            TEXT NOT NULL,
  organization    TEXT, -- NULL for an account's own instance
  owner           TEXT NOT NULL,
  status          TEXT NOT NULL,
  session_seconds BIGINT NOT NULL,
  mfa             TEXT NOT NULL, -- JSON
  email_otp       BIGINT NOT NULL,
  created_at      BIGINT NOT NULL
);
CREATE UNIQUE INDEX instances_directory_id ON instances (directory_id);
CREATE UNIQUE INDEX instances_subdomain ON instances (subdomain);
CREATE UNIQUE INDEX instances_organization ON instances (organization);
CREATE UNIQUE INDEX instances_owner ON instances (owner);
INSERT INTO instances
SELECT i.id, i.directory_id, i.region, CASE WHEN i.subdomain = '' THEN NULL ELSE i.subdomain END, '', (SELECT id FROM organizations), i.owner, 'ACTIVE', i.session_seconds,
       '{"Prompt":"CONTEXT_AWARE","Types":["WEBAUTHN","TOTP"],"NoDevice":"ALLOW","SelfService":true}', 0, i.created_at
FROM instance i;
DROP TABLE instance;

ALTER TABLE users ADD COLUMN directory TEXT NOT NULL DEFAULT '';
UPDATE users SET directory = COALESCE((SELECT directory_id FROM instances), '');
DROP INDEX users_email;
DROP INDEX users_user_name;
CREATE UNIQUE INDEX users_email ON users (directory, email_key);
CREATE UNIQUE INDEX users_user_name ON users (directory, user_name_key);

ALTER TABLE user_groups ADD COLUMN directory TEXT NOT NULL DEFAULT '';
UPDATE user_groups SET directory = COALESCE((SELECT directory_id FROM instances), '');
DROP INDEX user_groups_display_name;
CREATE UNIQUE INDEX user_groups_display_name ON user_groups (directory, display_name);

ALTER TABLE permission_sets ADD COLUMN instance TEXT NOT NULL DEFAULT '';
UPDATE permission_sets SET instance = COALESCE((SELECT id FROM instances), '');
DROP INDEX permission_sets_name;
CREATE UNIQUE INDEX permission_sets_name ON permission_sets (instance, name);
