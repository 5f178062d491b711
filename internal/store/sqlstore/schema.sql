-- The schema that the migrations in migrations/ come to, as SQLite tells it. Do
-- not edit: go test ./internal/store/sqlstore -run TestSchema -update writes it.

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
CREATE INDEX organizational_units_organization ON organizational_units (organization, path);
CREATE UNIQUE INDEX organizational_units_parent ON organizational_units (parent, id);

CREATE TABLE accounts (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  email      TEXT NOT NULL,
  email_key  TEXT,
  alias      TEXT,
  status     TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  from_file  BIGINT NOT NULL
, organization TEXT NOT NULL DEFAULT '', org_path TEXT NOT NULL DEFAULT '', joined_method TEXT NOT NULL DEFAULT '', joined_at BIGINT NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX accounts_alias ON accounts (alias);
CREATE UNIQUE INDEX accounts_email ON accounts (email_key);
CREATE INDEX accounts_org_path ON accounts (org_path, id);
CREATE INDEX accounts_organization ON accounts (organization, id);

CREATE TABLE roles (
  id                  TEXT PRIMARY KEY,
  account             TEXT NOT NULL REFERENCES accounts (id),
  path                TEXT NOT NULL,
  name                TEXT NOT NULL,
  name_key            TEXT NOT NULL,
  description         TEXT NOT NULL,
  trust_policy        TEXT NOT NULL,
  max_session_seconds BIGINT NOT NULL,
  permission_set      TEXT, -- NULL: not provisioned by Identity Center
  created_at          BIGINT NOT NULL
, boundary TEXT NOT NULL DEFAULT '', tags TEXT NOT NULL DEFAULT '[]', from_file BIGINT NOT NULL DEFAULT 0, provisioned TEXT NOT NULL DEFAULT '');
CREATE INDEX roles_boundary ON roles (account, boundary, id) WHERE boundary <> '';
CREATE INDEX roles_from_file ON roles (account, name_key) WHERE from_file = 1;
CREATE UNIQUE INDEX roles_name ON roles (account, name_key);
CREATE UNIQUE INDEX roles_path ON roles (account, path, name_key);
CREATE UNIQUE INDEX roles_permission_set ON roles (permission_set, account);
CREATE INDEX roles_provisioned ON roles (permission_set, provisioned, account);
CREATE INDEX roles_sets ON roles (account, permission_set) WHERE permission_set IS NOT NULL;

CREATE TABLE saml_providers (
  account    TEXT NOT NULL REFERENCES accounts (id),
  name       TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL, uuid TEXT NOT NULL DEFAULT '', entity_id TEXT NOT NULL DEFAULT '', encryption TEXT NOT NULL DEFAULT '', tags TEXT NOT NULL DEFAULT '[]', private_keys BLOB, metadata TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (account, name)
);

CREATE TABLE access_keys (
  id         TEXT PRIMARY KEY,
  account    TEXT NOT NULL REFERENCES accounts (id),
  user_id    TEXT NOT NULL, -- '' is the root user
  sealed     BLOB NOT NULL, -- the secret, encrypted by the key ring
  active     BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX access_keys_user ON access_keys (account, user_id);

CREATE TABLE users (
  id            TEXT PRIMARY KEY,
  user_name     TEXT NOT NULL,
  user_name_key TEXT NOT NULL,
  given_name    TEXT NOT NULL,
  family_name   TEXT NOT NULL,
  display_name  TEXT NOT NULL,
  email         TEXT NOT NULL,
  email_key     TEXT,
  locale        TEXT NOT NULL,
  disabled      BIGINT NOT NULL,
  created_at    BIGINT NOT NULL,
  updated_at    BIGINT NOT NULL,
  from_file     BIGINT NOT NULL
, directory TEXT NOT NULL DEFAULT '', profile TEXT NOT NULL DEFAULT '{}', external_ids TEXT NOT NULL DEFAULT '[]', created_by TEXT NOT NULL DEFAULT '', updated_by TEXT NOT NULL DEFAULT '', display_name_key TEXT NOT NULL DEFAULT '');
CREATE UNIQUE INDEX users_display_name ON users (directory, display_name_key, id);
CREATE UNIQUE INDEX users_email ON users (directory, email_key);
CREATE UNIQUE INDEX users_user_name ON users (directory, user_name_key);

CREATE TABLE user_groups (
  id           TEXT PRIMARY KEY,
  display_name TEXT NOT NULL,
  description  TEXT NOT NULL,
  created_at   BIGINT NOT NULL,
  from_file    BIGINT NOT NULL
, directory TEXT NOT NULL DEFAULT '', external_ids TEXT NOT NULL DEFAULT '[]', created_by TEXT NOT NULL DEFAULT '', updated_at BIGINT NOT NULL DEFAULT 0, updated_by TEXT NOT NULL DEFAULT '', display_name_key TEXT NOT NULL DEFAULT '');
CREATE UNIQUE INDEX user_groups_display_name ON user_groups (directory, display_name);
CREATE UNIQUE INDEX user_groups_display_name_key ON user_groups (directory, display_name_key, id);

CREATE TABLE memberships (
  user_id  TEXT NOT NULL REFERENCES users (id),
  group_id TEXT NOT NULL REFERENCES user_groups (id), id TEXT NOT NULL DEFAULT '', created_at BIGINT NOT NULL DEFAULT 0, created_by TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (user_id, group_id)
);
CREATE UNIQUE INDEX memberships_group ON memberships (group_id, user_id);
CREATE UNIQUE INDEX memberships_id ON memberships (id);

CREATE TABLE permission_sets (
  id                TEXT PRIMARY KEY,
  name              TEXT NOT NULL,
  description       TEXT NOT NULL,
  session_seconds   BIGINT NOT NULL,
  relay_state       TEXT NOT NULL,
  managed_policies  TEXT NOT NULL,
  customer_policies TEXT NOT NULL,
  inline_policy     TEXT NOT NULL,
  boundary          TEXT NOT NULL,
  created_at        BIGINT NOT NULL,
  from_file         BIGINT NOT NULL
, instance TEXT NOT NULL DEFAULT '', tags TEXT NOT NULL DEFAULT '[]');
CREATE UNIQUE INDEX permission_sets_name ON permission_sets (instance, name);

CREATE TABLE applications (
  id                  TEXT PRIMARY KEY,
  instance            TEXT NOT NULL REFERENCES instances (id),
  account             TEXT NOT NULL REFERENCES accounts (id),
  provider            TEXT NOT NULL,
  name                TEXT NOT NULL,
  description         TEXT NOT NULL,
  status              TEXT NOT NULL,
  visibility          TEXT NOT NULL,
  origin              TEXT NOT NULL, -- '': nothing was said of signing in
  url                 TEXT NOT NULL,
  assignment_required BIGINT NOT NULL,
  tags                TEXT NOT NULL, -- JSON
  created_at          BIGINT NOT NULL,
  created_from        TEXT NOT NULL
, from_file BIGINT NOT NULL DEFAULT 0);
CREATE INDEX applications_account ON applications (instance, account, name, id);
CREATE INDEX applications_instance ON applications (instance, name, id);
CREATE INDEX applications_open ON applications (instance, assignment_required, name, id);

CREATE TABLE assignments (
  principal_type TEXT NOT NULL,
  principal_id   TEXT NOT NULL,
  account        TEXT NOT NULL REFERENCES accounts (id),
  permission_set TEXT NOT NULL REFERENCES permission_sets (id),
  created_at     BIGINT NOT NULL,
  from_file      BIGINT NOT NULL,
  PRIMARY KEY (principal_type, principal_id, account, permission_set)
);
CREATE INDEX assignments_account ON assignments (account, permission_set, principal_type, principal_id);
CREATE INDEX assignments_permission_set ON assignments (permission_set);

CREATE TABLE passwords (
  owner_kind  TEXT NOT NULL,
  owner_id    TEXT NOT NULL,
  hash        TEXT NOT NULL,
  must_change BIGINT NOT NULL,
  history     TEXT NOT NULL,
  set_at      BIGINT NOT NULL,
  PRIMARY KEY (owner_kind, owner_id)
);

CREATE TABLE reset_links (
  hash       TEXT PRIMARY KEY,
  owner_kind TEXT NOT NULL,
  owner_id   TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  forget_at  BIGINT NOT NULL
);
CREATE INDEX reset_links_forget ON reset_links (forget_at);
CREATE INDEX reset_links_owner ON reset_links (owner_kind, owner_id);

CREATE TABLE attempts (
  attempt_key  TEXT PRIMARY KEY,
  failures     BIGINT NOT NULL,
  last_failure BIGINT NOT NULL,
  forget_at    BIGINT NOT NULL
);
CREATE INDEX attempts_forget ON attempts (forget_at);

CREATE TABLE sessions (
  id         TEXT PRIMARY KEY,
  user_id    TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ended_at   BIGINT NOT NULL,
  end_reason TEXT NOT NULL,
  source_ip  TEXT NOT NULL,
  user_agent TEXT NOT NULL,
  forget_at  BIGINT NOT NULL
, kind     TEXT   NOT NULL DEFAULT '', account  TEXT   NOT NULL DEFAULT '', mfa_at   BIGINT NOT NULL DEFAULT 0, token    TEXT   NOT NULL DEFAULT '', switched TEXT   NOT NULL DEFAULT '');
CREATE INDEX sessions_forget ON sessions (forget_at);
CREATE INDEX sessions_user ON sessions (user_id, created_at);

CREATE TABLE cookies (
  hash       TEXT PRIMARY KEY,
  session_id TEXT NOT NULL,
  surface    TEXT NOT NULL,
  host       TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  forget_at  BIGINT NOT NULL
);
CREATE INDEX cookies_forget ON cookies (forget_at);
CREATE INDEX cookies_session ON cookies (session_id);

CREATE TABLE handoffs (
  hash       TEXT PRIMARY KEY,
  session_id TEXT NOT NULL,
  surface    TEXT NOT NULL,
  host       TEXT NOT NULL,
  state      TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  forget_at  BIGINT NOT NULL
);
CREATE INDEX handoffs_forget ON handoffs (forget_at);

CREATE TABLE device_authorizations (
  hash        TEXT PRIMARY KEY,
  user_code   TEXT NOT NULL,
  client      TEXT NOT NULL,
  client_name TEXT NOT NULL,
  scopes      TEXT NOT NULL,
  source_ip   TEXT NOT NULL,
  user_agent  TEXT NOT NULL,
  status      TEXT NOT NULL,
  session_id  TEXT NOT NULL,
  created_at  BIGINT NOT NULL,
  expires_at  BIGINT NOT NULL,
  forget_at   BIGINT NOT NULL
, instance TEXT NOT NULL DEFAULT '');
CREATE INDEX device_authorizations_forget ON device_authorizations (forget_at);
CREATE UNIQUE INDEX device_authorizations_user_code ON device_authorizations (user_code);

CREATE TABLE authorization_codes (
  hash         TEXT PRIMARY KEY,
  client       TEXT NOT NULL,
  client_name  TEXT NOT NULL,
  redirect_uri TEXT NOT NULL,
  challenge    TEXT NOT NULL,
  scopes       TEXT NOT NULL,
  session_id   TEXT NOT NULL,
  expires_at   BIGINT NOT NULL,
  used_at      BIGINT NOT NULL,
  grant_id     TEXT NOT NULL,
  forget_at    BIGINT NOT NULL
);
CREATE INDEX authorization_codes_forget ON authorization_codes (forget_at);

CREATE TABLE grants (
  id          TEXT PRIMARY KEY,
  session_id  TEXT NOT NULL,
  user_id     TEXT NOT NULL,
  client      TEXT NOT NULL,
  client_name TEXT NOT NULL,
  scopes      TEXT NOT NULL,
  refreshable BIGINT NOT NULL,
  created_at  BIGINT NOT NULL,
  ended_at    BIGINT NOT NULL,
  end_reason  TEXT NOT NULL
);
CREATE INDEX grants_session ON grants (session_id);
CREATE INDEX grants_user ON grants (user_id);

CREATE TABLE access_tokens (
  hash       TEXT PRIMARY KEY,
  grant_id   TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  forget_at  BIGINT NOT NULL
);
CREATE INDEX access_tokens_forget ON access_tokens (forget_at);
CREATE INDEX access_tokens_grant ON access_tokens (grant_id);

CREATE TABLE refresh_tokens (
  hash       TEXT PRIMARY KEY,
  grant_id   TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at    BIGINT NOT NULL,
  forget_at  BIGINT NOT NULL
);
CREATE INDEX refresh_tokens_forget ON refresh_tokens (forget_at);
CREATE INDEX refresh_tokens_grant ON refresh_tokens (grant_id, used_at);

CREATE TABLE spent (
  hash      TEXT PRIMARY KEY,
  forget_at BIGINT NOT NULL
);
CREATE INDEX spent_forget ON spent (forget_at);

CREATE TABLE data_keys (
  id         BIGINT PRIMARY KEY,
  sealed     BLOB NOT NULL, -- wrapped by the master key
  created_at BIGINT NOT NULL
);

CREATE TABLE messages (
  id           TEXT PRIMARY KEY,
  channel      TEXT NOT NULL,
  sender       TEXT NOT NULL,
  recipient    TEXT NOT NULL,
  sealed       BLOB NOT NULL, -- subject, text, links and codes, encrypted by the key ring
  created_at   BIGINT NOT NULL,
  attempts     BIGINT NOT NULL,
  next_attempt BIGINT NOT NULL,
  delivered_at BIGINT NOT NULL,
  forget_at    BIGINT NOT NULL
);
CREATE INDEX messages_due ON messages (id) WHERE delivered_at = 0;
CREATE INDEX messages_forget ON messages (forget_at);

CREATE TABLE events (
  id            TEXT PRIMARY KEY,
  at            BIGINT NOT NULL,
  account       TEXT NOT NULL,
  source        TEXT NOT NULL,
  name          TEXT NOT NULL,
  region        TEXT NOT NULL,
  principal_id  TEXT NOT NULL,
  user_name     TEXT NOT NULL,
  access_key_id TEXT NOT NULL,
  source_ip     TEXT NOT NULL,
  user_agent    TEXT NOT NULL,
  request_id    TEXT NOT NULL,
  read_only     BIGINT NOT NULL,
  error_code    TEXT NOT NULL,
  error_reason  TEXT NOT NULL,
  resource      TEXT NOT NULL,
  detail        TEXT NOT NULL,
  event_count   BIGINT NOT NULL
, decision_id TEXT NOT NULL DEFAULT '', decision TEXT NOT NULL DEFAULT '', record TEXT NOT NULL DEFAULT '', resource_type TEXT NOT NULL DEFAULT '', resource_name TEXT NOT NULL DEFAULT '');
CREATE INDEX events_account ON events (account, id);
CREATE INDEX events_decision ON events (decision_id) WHERE decision_id <> '';
CREATE INDEX events_history ON events (account, at) WHERE account <> '';
CREATE INDEX events_history_access_key ON events (account, access_key_id, at) WHERE account > '' AND access_key_id <> '';
CREATE INDEX events_history_name ON events (account, name, at) WHERE account > '';
CREATE INDEX events_history_read_only ON events (account, read_only, at) WHERE account > '';
CREATE INDEX events_history_resource ON events (account, resource, at) WHERE account > '' AND resource <> '';
CREATE INDEX events_history_resource_name ON events (account, resource_name, at) WHERE account > '' AND resource_name <> '';
CREATE INDEX events_history_resource_type ON events (account, resource_type, at) WHERE account > '' AND resource_type <> '';
CREATE INDEX events_history_source ON events (account, source, at) WHERE account > '';
CREATE INDEX events_history_user ON events (account, user_name, at) WHERE account > '' AND user_name <> '';
CREATE INDEX events_name ON events (name, id);
CREATE INDEX events_passing ON events (id) WHERE read_only <> 0 OR error_code <> '';
CREATE INDEX events_refused ON events (id) WHERE decision_id <> '';

CREATE TABLE changes (
  node       TEXT NOT NULL,
  id         TEXT NOT NULL,
  settled    TEXT NOT NULL,
  change_key TEXT NOT NULL, -- '' says that everything may have changed
  PRIMARY KEY (node, id)
);

CREATE TABLE iam_counts (
  account TEXT NOT NULL REFERENCES accounts (id),
  noun    TEXT NOT NULL,
  n       BIGINT NOT NULL,
  PRIMARY KEY (account, noun)
);

CREATE TABLE iam_quotas (
  account TEXT NOT NULL REFERENCES accounts (id),
  noun    TEXT NOT NULL,
  quota   BIGINT NOT NULL,
  PRIMARY KEY (account, noun)
);

CREATE TABLE iam_users (
  id         TEXT PRIMARY KEY,
  account    TEXT NOT NULL REFERENCES accounts (id),
  path       TEXT NOT NULL,
  name       TEXT NOT NULL,
  name_key   TEXT NOT NULL,
  boundary   TEXT NOT NULL,
  tags       TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  from_file  BIGINT NOT NULL
);
CREATE INDEX iam_users_boundary ON iam_users (account, boundary, id) WHERE boundary <> '';
CREATE INDEX iam_users_from_file ON iam_users (account, name_key) WHERE from_file = 1;
CREATE UNIQUE INDEX iam_users_name ON iam_users (account, name_key);
CREATE INDEX iam_users_path ON iam_users (account, path, name_key);

CREATE TABLE iam_groups (
  id         TEXT PRIMARY KEY,
  account    TEXT NOT NULL REFERENCES accounts (id),
  path       TEXT NOT NULL,
  name       TEXT NOT NULL,
  name_key   TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  from_file  BIGINT NOT NULL
);
CREATE INDEX iam_groups_from_file ON iam_groups (account, name_key) WHERE from_file = 1;
CREATE UNIQUE INDEX iam_groups_name ON iam_groups (account, name_key);
CREATE INDEX iam_groups_path ON iam_groups (account, path, name_key);

CREATE TABLE iam_memberships (
  user_id    TEXT NOT NULL REFERENCES iam_users (id),
  group_id   TEXT NOT NULL REFERENCES iam_groups (id),
  user_key   TEXT NOT NULL,
  added_at   BIGINT NOT NULL,
  PRIMARY KEY (user_id, group_id)
);
CREATE UNIQUE INDEX iam_memberships_group ON iam_memberships (group_id, user_key);

CREATE TABLE instance_profiles (
  id         TEXT PRIMARY KEY,
  account    TEXT NOT NULL REFERENCES accounts (id),
  path       TEXT NOT NULL,
  name       TEXT NOT NULL,
  name_key   TEXT NOT NULL,
  role_id    TEXT REFERENCES roles (id), -- NULL: none
  tags       TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX instance_profiles_name ON instance_profiles (account, name_key);
CREATE INDEX instance_profiles_path ON instance_profiles (account, path, name_key);
CREATE INDEX instance_profiles_role ON instance_profiles (role_id, name_key);

CREATE TABLE iam_policies (
  id              TEXT PRIMARY KEY,
  account         TEXT NOT NULL,
  path            TEXT NOT NULL,
  name            TEXT NOT NULL,
  name_key        TEXT NOT NULL,
  description     TEXT NOT NULL,
  default_version BIGINT NOT NULL,
  last_version    BIGINT NOT NULL,
  tags            TEXT NOT NULL,
  created_at      BIGINT NOT NULL,
  updated_at      BIGINT NOT NULL,
  from_file       BIGINT NOT NULL
);
CREATE INDEX iam_policies_from_file ON iam_policies (account, name_key) WHERE from_file = 1;
CREATE UNIQUE INDEX iam_policies_name ON iam_policies (account, name_key);
CREATE UNIQUE INDEX iam_policies_path ON iam_policies (account, path, name_key);

CREATE TABLE iam_policy_versions (
  policy     TEXT NOT NULL REFERENCES iam_policies (id),
  number     BIGINT NOT NULL,
  document   TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (policy, number)
);

CREATE TABLE iam_inline_policies (
  owner    TEXT NOT NULL,
  name     TEXT NOT NULL,
  name_key TEXT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (owner, name_key)
);

CREATE TABLE iam_attachments (
  owner       TEXT NOT NULL,
  policy_arn  TEXT NOT NULL,
  owner_kind  TEXT NOT NULL,
  account     TEXT NOT NULL REFERENCES accounts (id), -- the owner's
  attached_at BIGINT NOT NULL,
  PRIMARY KEY (owner, policy_arn)
);
CREATE UNIQUE INDEX iam_attachments_policy ON iam_attachments (account, policy_arn, owner);

CREATE TABLE deletion_tasks (
  id         TEXT PRIMARY KEY,
  account    TEXT NOT NULL REFERENCES accounts (id),
  status     TEXT NOT NULL,
  reason     TEXT NOT NULL,
  role_usage TEXT NOT NULL, -- lists of a region and ARNs
  created_at BIGINT NOT NULL,
  forget_at  BIGINT NOT NULL
);
CREATE INDEX deletion_tasks_forget ON deletion_tasks (forget_at);

CREATE TABLE mfa_devices (
  serial     TEXT PRIMARY KEY,
  account    TEXT NOT NULL REFERENCES accounts (id),
  kind       TEXT NOT NULL,
  sealed     BLOB NOT NULL, -- the seed, encrypted by the key ring
  drift      BIGINT NOT NULL,
  last_step  BIGINT NOT NULL,
  assigned   BIGINT NOT NULL,
  enabled_at BIGINT NOT NULL,
  user_id    TEXT,
  tags       TEXT NOT NULL,
  created_at BIGINT NOT NULL
, name    TEXT, passkey TEXT);
CREATE INDEX mfa_devices_account ON mfa_devices (account, kind, serial);
CREATE INDEX mfa_devices_assigned ON mfa_devices (account, kind, assigned, serial);
CREATE UNIQUE INDEX mfa_devices_name ON mfa_devices (account, name);
CREATE UNIQUE INDEX mfa_devices_passkey ON mfa_devices (passkey);
CREATE INDEX mfa_devices_user ON mfa_devices (account, user_id, serial) WHERE user_id IS NOT NULL;

CREATE TABLE password_policies (
  account      TEXT PRIMARY KEY REFERENCES accounts (id),
  min_length   BIGINT NOT NULL,
  upper        BIGINT NOT NULL,
  lower        BIGINT NOT NULL,
  digit        BIGINT NOT NULL,
  symbol       BIGINT NOT NULL,
  may_change   BIGINT NOT NULL,
  max_age_days BIGINT NOT NULL,
  remembered   BIGINT NOT NULL,
  hard_expiry  BIGINT NOT NULL
);

CREATE TABLE iam_uses (
  use_key   TEXT PRIMARY KEY, -- entity, service and action
  entity    TEXT NOT NULL,
  account   TEXT NOT NULL,
  service   TEXT NOT NULL,
  action    TEXT NOT NULL,
  region    TEXT NOT NULL,
  at        BIGINT NOT NULL,
  forget_at BIGINT NOT NULL
);
CREATE INDEX iam_uses_account ON iam_uses (account, service, at, entity, region);
CREATE INDEX iam_uses_entity ON iam_uses (entity, service, action);
CREATE INDEX iam_uses_forget ON iam_uses (forget_at);

CREATE TABLE access_key_uses (
  access_key TEXT PRIMARY KEY,
  entity     TEXT NOT NULL,
  account    TEXT NOT NULL,
  service    TEXT NOT NULL,
  action     TEXT NOT NULL,
  region     TEXT NOT NULL,
  at         BIGINT NOT NULL
);

CREATE TABLE oidc_providers (
  account     TEXT NOT NULL REFERENCES accounts (id),
  url         TEXT NOT NULL, -- without https://
  client_ids  TEXT NOT NULL,
  thumbprints TEXT NOT NULL,
  tags        TEXT NOT NULL,
  created_at  BIGINT NOT NULL,
  PRIMARY KEY (account, url)
);

CREATE TABLE server_certificates (
  id          TEXT PRIMARY KEY,
  account     TEXT NOT NULL REFERENCES accounts (id),
  path        TEXT NOT NULL,
  name        TEXT NOT NULL,
  name_key    TEXT NOT NULL,
  tags        TEXT NOT NULL,
  uploaded_at BIGINT NOT NULL,
  expires_at  BIGINT NOT NULL,
  private_key BLOB NOT NULL, -- encrypted by the key ring
  body        TEXT NOT NULL,
  chain       TEXT NOT NULL
);
CREATE UNIQUE INDEX server_certificates_name ON server_certificates (account, name_key);
CREATE UNIQUE INDEX server_certificates_path ON server_certificates (account, path, name_key);

CREATE TABLE signing_certificates (
  id          TEXT PRIMARY KEY,
  account     TEXT NOT NULL REFERENCES accounts (id),
  user_id     TEXT NOT NULL, -- '' is the root user
  hash        TEXT NOT NULL,
  active      BIGINT NOT NULL,
  uploaded_at BIGINT NOT NULL,
  body        TEXT NOT NULL
);
CREATE UNIQUE INDEX signing_certificates_hash ON signing_certificates (account, hash);
CREATE INDEX signing_certificates_user ON signing_certificates (account, user_id);

CREATE TABLE ssh_public_keys (
  id          TEXT PRIMARY KEY,
  account     TEXT NOT NULL REFERENCES accounts (id),
  user_id     TEXT NOT NULL REFERENCES iam_users (id),
  body        TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  active      BIGINT NOT NULL,
  uploaded_at BIGINT NOT NULL
);
CREATE INDEX ssh_public_keys_user ON ssh_public_keys (user_id);

CREATE TABLE service_credentials (
  id         TEXT PRIMARY KEY,
  account    TEXT NOT NULL REFERENCES accounts (id),
  user_id    TEXT NOT NULL REFERENCES iam_users (id),
  service    TEXT NOT NULL,
  user_name  TEXT NOT NULL, -- what the service knows the user by
  hash       TEXT NOT NULL, -- of the password or API key
  active     BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX service_credentials_account ON service_credentials (account, id);
CREATE UNIQUE INDEX service_credentials_name ON service_credentials (account, service, user_name);
CREATE INDEX service_credentials_service ON service_credentials (account, service, id);
CREATE INDEX service_credentials_user ON service_credentials (user_id);

CREATE TABLE iam_settings (
  account                     TEXT PRIMARY KEY REFERENCES accounts (id),
  global_tokens               BIGINT NOT NULL,
  issuer                      TEXT, -- NULL: none yet
  issues_web_tokens           BIGINT NOT NULL,
  root_credentials_management BIGINT NOT NULL,
  root_sessions               BIGINT NOT NULL
);
CREATE UNIQUE INDEX iam_settings_issuer ON iam_settings (issuer);

CREATE TABLE credential_reports (
  account      TEXT PRIMARY KEY REFERENCES accounts (id),
  content      TEXT NOT NULL,
  generated_at BIGINT NOT NULL
);

CREATE TABLE access_reports (
  id         TEXT PRIMARY KEY,
  account    TEXT NOT NULL REFERENCES accounts (id),
  content    TEXT NOT NULL, -- the report as JSON
  forget_at  BIGINT NOT NULL
);
CREATE INDEX access_reports_forget ON access_reports (forget_at);

CREATE TABLE org_policies (
  id          TEXT PRIMARY KEY,
  policy_type TEXT NOT NULL,
  name        TEXT NOT NULL,
  document    TEXT NOT NULL,
  from_file   BIGINT NOT NULL
, organization TEXT NOT NULL DEFAULT '', description TEXT NOT NULL DEFAULT '', updated_at BIGINT NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX org_policies_name ON org_policies (organization, policy_type, name);

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
, tags TEXT NOT NULL DEFAULT '[]');
CREATE UNIQUE INDEX instances_directory_id ON instances (directory_id);
CREATE UNIQUE INDEX instances_organization ON instances (organization);
CREATE UNIQUE INDEX instances_owner ON instances (owner);
CREATE UNIQUE INDEX instances_subdomain ON instances (subdomain);

CREATE TABLE web_identity_keys (
  account    TEXT NOT NULL REFERENCES accounts (id),
  algorithm  TEXT NOT NULL,
  id         TEXT NOT NULL,
  sealed     BLOB NOT NULL, -- PKCS #8
  created_at BIGINT NOT NULL,
  PRIMARY KEY (account, algorithm)
);

CREATE TABLE delegation_requests (
  id                 TEXT PRIMARY KEY,
  requestor          TEXT NOT NULL REFERENCES accounts (id),
  requestor_name     TEXT NOT NULL,
  workflow_id        TEXT NOT NULL,
  description        TEXT NOT NULL,
  message            TEXT NOT NULL,
  template           TEXT NOT NULL,
  parameters         TEXT NOT NULL, -- JSON
  policy             TEXT NOT NULL, -- the template with the parameters in it
  redirect_url       TEXT NOT NULL,
  channel            TEXT NOT NULL,
  seconds            BIGINT NOT NULL,
  only_send_by_owner BIGINT NOT NULL,
  owner_account      TEXT NOT NULL, -- '': whoever claims it
  owner              TEXT NOT NULL, -- ARN; '': nobody has yet
  owner_entity       TEXT NOT NULL,
  owned_in           TEXT, -- owner_account once there is an owner
  approval           TEXT NOT NULL, -- JSON; '': nobody has yet
  notes              TEXT NOT NULL,
  rejection_reason   TEXT NOT NULL,
  state              TEXT NOT NULL,
  created_at         BIGINT NOT NULL,
  updated_at         BIGINT NOT NULL,
  expires_at         BIGINT NOT NULL,
  sent_at            BIGINT NOT NULL,
  traded_at          BIGINT NOT NULL,
  forget_at          BIGINT NOT NULL
);
CREATE INDEX delegation_requests_forget ON delegation_requests (forget_at);
CREATE INDEX delegation_requests_open ON delegation_requests (requestor, expires_at);
CREATE INDEX delegation_requests_owned ON delegation_requests (owned_in, created_at, id);
CREATE INDEX delegation_requests_owner ON delegation_requests (owned_in, owner, created_at, id);
CREATE UNIQUE INDEX delegation_requests_workflow ON delegation_requests (requestor, workflow_id);

CREATE TABLE organization_reports (
  id        TEXT PRIMARY KEY,
  account   TEXT NOT NULL REFERENCES accounts (id),
  content   TEXT NOT NULL, -- the report as JSON
  forget_at BIGINT NOT NULL
);
CREATE INDEX organization_reports_account ON organization_reports (account);
CREATE INDEX organization_reports_forget ON organization_reports (forget_at);

CREATE TABLE account_contacts (
  account            TEXT PRIMARY KEY REFERENCES accounts (id),
  full_name          TEXT NOT NULL,
  company_name       TEXT NOT NULL,
  address_line1      TEXT NOT NULL,
  address_line2      TEXT NOT NULL,
  address_line3      TEXT NOT NULL,
  city               TEXT NOT NULL,
  district_or_county TEXT NOT NULL,
  state_or_region    TEXT NOT NULL,
  postal_code        TEXT NOT NULL,
  country_code       TEXT NOT NULL,
  phone              TEXT NOT NULL,
  website            TEXT NOT NULL
);

CREATE TABLE account_alternate_contacts (
  account TEXT NOT NULL REFERENCES accounts (id),
  type    TEXT NOT NULL,
  name    TEXT NOT NULL,
  title   TEXT NOT NULL,
  email   TEXT NOT NULL,
  phone   TEXT NOT NULL,
  PRIMARY KEY (account, type)
);

CREATE TABLE account_email_updates (
  account     TEXT PRIMARY KEY REFERENCES accounts (id),
  email       TEXT NOT NULL,
  sealed_code BLOB, -- NULL once it was used
  completed   BIGINT NOT NULL,
  tries       BIGINT NOT NULL,
  started_at  BIGINT NOT NULL,
  updated_at  BIGINT NOT NULL,
  expires_at  BIGINT NOT NULL,
  begun       BIGINT NOT NULL,
  begun_since BIGINT NOT NULL
);

CREATE TABLE account_regions (
  account TEXT NOT NULL REFERENCES accounts (id),
  region  TEXT NOT NULL,
  enabled BIGINT NOT NULL,
  at      BIGINT NOT NULL,
  PRIMARY KEY (account, region)
);

CREATE TABLE registrations (
  account           TEXT PRIMARY KEY REFERENCES accounts (id),
  type              TEXT NOT NULL,
  seller            TEXT NOT NULL,
  agreed_at         BIGINT NOT NULL,
  phone             TEXT NOT NULL,
  phone_verified_at BIGINT NOT NULL,
  phone_failures    BIGINT NOT NULL,
  support_plan      TEXT NOT NULL,
  language          TEXT NOT NULL,
  started_at        BIGINT NOT NULL,
  submitted_at      BIGINT NOT NULL,
  asked             TEXT NOT NULL, -- what information is needed
  asked_at          BIGINT NOT NULL,
  activated_at      BIGINT NOT NULL,
  by_hand           BIGINT NOT NULL,
  due_at            BIGINT -- NULL is never
);
CREATE INDEX registrations_due ON registrations (due_at);

CREATE TABLE payment_methods (
  id            TEXT PRIMARY KEY,
  account       TEXT NOT NULL REFERENCES accounts (id),
  brand         TEXT NOT NULL,
  last_four     TEXT NOT NULL,
  expiry_month  BIGINT NOT NULL,
  expiry_year   BIGINT NOT NULL,
  holder        TEXT NOT NULL,
  address       TEXT NOT NULL, -- JSON
  is_default    BIGINT NOT NULL,
  status        TEXT NOT NULL,
  error         TEXT NOT NULL,
  reference     TEXT NOT NULL, -- the gateway's
  tries         BIGINT NOT NULL,
  created_at    BIGINT NOT NULL,
  checked_at    BIGINT NOT NULL,
  look_after_at BIGINT -- NULL unless the institution has yet to approve
);
CREATE INDEX payment_methods_account ON payment_methods (account, created_at);
CREATE INDEX payment_methods_pending ON payment_methods (look_after_at);

CREATE TABLE account_standings (
  account    TEXT PRIMARY KEY REFERENCES accounts (id),
  status     TEXT   NOT NULL,
  since      BIGINT NOT NULL,
  former     TEXT   NOT NULL, -- the state to which it goes back
  reason     TEXT   NOT NULL,
  by_owner   BIGINT NOT NULL,
  closed_at  BIGINT NOT NULL, -- 0 for one that is not
  emptied_at BIGINT NOT NULL,
  empty_due  BIGINT -- closed_at, NULL unless it is to be emptied
);
CREATE INDEX account_standings_due ON account_standings (empty_due);

CREATE TABLE support_cases (
  id           TEXT PRIMARY KEY,
  display_id   TEXT NOT NULL UNIQUE, -- sorts by time
  account      TEXT REFERENCES accounts (id),
  account_hint TEXT NOT NULL,
  subject      TEXT NOT NULL,
  issue_type   TEXT NOT NULL,
  service      TEXT NOT NULL,
  category     TEXT NOT NULL,
  severity     TEXT NOT NULL,
  language     TEXT NOT NULL,
  status       TEXT NOT NULL,
  cc           TEXT NOT NULL, -- JSON
  email        TEXT NOT NULL,
  submitted_by TEXT NOT NULL,
  created_at   BIGINT NOT NULL,
  updated_at   BIGINT NOT NULL,
  forget_at    BIGINT NOT NULL
);
CREATE INDEX support_cases_account ON support_cases (account, display_id);
CREATE INDEX support_cases_forget ON support_cases (forget_at);

CREATE TABLE support_communications (
  id           TEXT PRIMARY KEY, -- sorts by time
  case_id      TEXT NOT NULL REFERENCES support_cases (id),
  sealed       BLOB NOT NULL, -- the body: people write secrets although they are told not to
  submitted_by TEXT NOT NULL,
  attachments  TEXT NOT NULL, -- JSON
  created_at   BIGINT NOT NULL,
  forget_at    BIGINT NOT NULL
);
CREATE INDEX support_communications_case ON support_communications (case_id, id);
CREATE INDEX support_communications_forget ON support_communications (forget_at);

CREATE TABLE support_attachment_sets (
  id         TEXT PRIMARY KEY,
  account    TEXT NOT NULL REFERENCES accounts (id),
  case_id    TEXT NOT NULL, -- '': it waits
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  forget_at  BIGINT NOT NULL
);
CREATE INDEX support_attachment_sets_account ON support_attachment_sets (account, created_at);
CREATE INDEX support_attachment_sets_forget ON support_attachment_sets (forget_at);

CREATE TABLE support_attachments (
  id        TEXT PRIMARY KEY, -- sorts by time
  set_id    TEXT NOT NULL REFERENCES support_attachment_sets (id),
  file_name TEXT NOT NULL,
  sealed    BLOB NOT NULL,
  forget_at BIGINT NOT NULL
);
CREATE INDEX support_attachments_forget ON support_attachments (forget_at);
CREATE INDEX support_attachments_set ON support_attachments (set_id, id);

CREATE TABLE support_check_results (
  account  TEXT NOT NULL REFERENCES accounts (id),
  check_id TEXT NOT NULL,
  content  TEXT NOT NULL, -- JSON
  PRIMARY KEY (account, check_id)
);

CREATE TABLE organizations (
  id                 TEXT PRIMARY KEY,
  management_account TEXT NOT NULL,
  root               TEXT NOT NULL,
  features           TEXT NOT NULL,
  policy_types       TEXT NOT NULL, -- those that are enabled
  created_at         BIGINT NOT NULL
, account_limit BIGINT NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX organizations_management_account ON organizations (management_account);
CREATE UNIQUE INDEX organizations_root ON organizations (root);

CREATE TABLE org_attachments (
  target       TEXT NOT NULL, -- root, unit or account
  policy_id    TEXT NOT NULL,
  policy_type  TEXT NOT NULL,
  organization TEXT NOT NULL REFERENCES organizations (id), place BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (target, policy_id)
);
CREATE UNIQUE INDEX org_attachments_policy ON org_attachments (organization, policy_id, target);

CREATE TABLE application_configurations (
  application TEXT PRIMARY KEY REFERENCES applications (id),
  content     TEXT NOT NULL -- JSON
);

CREATE TABLE application_assignments (
  principal_type TEXT NOT NULL,
  principal_id   TEXT NOT NULL,
  application    TEXT NOT NULL REFERENCES applications (id),
  created_at     BIGINT NOT NULL,
  PRIMARY KEY (principal_type, principal_id, application)
);
CREATE INDEX application_assignments_application ON application_assignments (application, principal_type, principal_id);

CREATE TABLE token_issuers (
  id             TEXT PRIMARY KEY,
  instance       TEXT NOT NULL REFERENCES instances (id),
  account        TEXT NOT NULL REFERENCES accounts (id),
  name           TEXT NOT NULL,
  url            TEXT NOT NULL,
  claim_path     TEXT NOT NULL,
  attribute_path TEXT NOT NULL,
  tags           TEXT NOT NULL, -- JSON
  created_at     BIGINT NOT NULL
, from_file BIGINT NOT NULL DEFAULT 0);
CREATE INDEX token_issuers_instance ON token_issuers (instance, name, id);

CREATE TABLE client_requests (
  request_key TEXT PRIMARY KEY, -- account/operation/token
  digest      TEXT NOT NULL,
  result      TEXT NOT NULL,
  forget_at   BIGINT NOT NULL
);
CREATE INDEX client_requests_forget ON client_requests (forget_at);

CREATE TABLE handshakes (
  id           TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organizations (id),
  action       TEXT NOT NULL,
  state        TEXT NOT NULL, -- as it was left: nothing notes that it has expired
  recipient    TEXT NOT NULL, -- type and id; addresses in lower case
  party_type   TEXT NOT NULL,
  party_id     TEXT NOT NULL,
  parent       TEXT NOT NULL,
  notes        TEXT NOT NULL,
  tags         TEXT NOT NULL, -- JSON
  transfer     TEXT NOT NULL,
  requested_at BIGINT NOT NULL,
  expires_at   BIGINT NOT NULL,
  resolved_at  BIGINT NOT NULL,
  forget_at    BIGINT NOT NULL
);
CREATE INDEX handshakes_action ON handshakes (organization, action, state, expires_at);
CREATE INDEX handshakes_forget_at ON handshakes (forget_at);
CREATE UNIQUE INDEX handshakes_organization ON handshakes (organization, id);
CREATE UNIQUE INDEX handshakes_parent ON handshakes (organization, parent, id);
CREATE INDEX handshakes_recipient ON handshakes (recipient, id);
CREATE INDEX handshakes_requested ON handshakes (organization, action, requested_at);

CREATE TABLE account_creations (
  id           TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organizations (id),
  name         TEXT NOT NULL,
  email        TEXT NOT NULL,
  role_name    TEXT NOT NULL,
  tags         TEXT NOT NULL, -- JSON
  state        TEXT NOT NULL,
  failure      TEXT NOT NULL,
  account      TEXT NOT NULL,
  failures     BIGINT NOT NULL,
  requested_at BIGINT NOT NULL,
  completed_at BIGINT NOT NULL,
  forget_at    BIGINT NOT NULL
);
CREATE INDEX account_creations_forget_at ON account_creations (forget_at);
CREATE INDEX account_creations_of ON account_creations (organization, state, requested_at);
CREATE UNIQUE INDEX account_creations_organization ON account_creations (organization, id);
CREATE INDEX account_creations_state ON account_creations (state, requested_at);

CREATE TABLE account_closures (
  account      TEXT PRIMARY KEY REFERENCES accounts (id),
  organization TEXT NOT NULL,
  requested_at BIGINT NOT NULL,
  completed_at BIGINT NOT NULL,
  forget_at    BIGINT NOT NULL
);
CREATE INDEX account_closures_completed_at ON account_closures (completed_at, requested_at);
CREATE INDEX account_closures_forget_at ON account_closures (forget_at);
CREATE INDEX account_closures_organization ON account_closures (organization, requested_at);

CREATE TABLE account_verifications (
  account     TEXT PRIMARY KEY REFERENCES accounts (id),
  email       TEXT NOT NULL,
  hash        TEXT NOT NULL,
  sent_at     BIGINT NOT NULL,
  expires_at  BIGINT NOT NULL,
  verified_at BIGINT NOT NULL,
  sent        BIGINT NOT NULL,
  sent_since  BIGINT NOT NULL
);
CREATE UNIQUE INDEX account_verifications_hash ON account_verifications (hash);

CREATE TABLE org_delegates (
  account      TEXT NOT NULL,
  service      TEXT NOT NULL, -- its principal
  organization TEXT NOT NULL REFERENCES organizations (id),
  since        BIGINT NOT NULL,
  PRIMARY KEY (account, service)
);
CREATE UNIQUE INDEX org_delegates_account ON org_delegates (organization, account, service);
CREATE UNIQUE INDEX org_delegates_service ON org_delegates (organization, service, account);

CREATE TABLE org_trusted_services (
  organization TEXT NOT NULL REFERENCES organizations (id),
  service      TEXT NOT NULL, -- its principal
  since        BIGINT NOT NULL,
  PRIMARY KEY (organization, service)
);

CREATE TABLE org_resource_policies (
  organization TEXT PRIMARY KEY REFERENCES organizations (id),
  id           TEXT NOT NULL,
  document     TEXT NOT NULL
);

CREATE TABLE org_tags (
  resource     TEXT NOT NULL, -- root, unit, account, policy or resource policy
  tag_key      TEXT NOT NULL,
  tag_value    TEXT NOT NULL,
  organization TEXT NOT NULL REFERENCES organizations (id),
  PRIMARY KEY (resource, tag_key)
);
CREATE INDEX org_tags_organization ON org_tags (organization);

CREATE TABLE instance_regions (
  instance TEXT NOT NULL REFERENCES instances (id),
  name     TEXT NOT NULL,
  added_at BIGINT NOT NULL,
  PRIMARY KEY (instance, name)
);

CREATE TABLE access_attributes (
  instance TEXT PRIMARY KEY REFERENCES instances (id),
  content  TEXT NOT NULL -- JSON
);

CREATE TABLE access_requests (
  id             TEXT PRIMARY KEY,
  kind           TEXT NOT NULL,
  instance       TEXT NOT NULL,
  permission_set TEXT NOT NULL,
  account        TEXT NOT NULL, -- '': every one where the set is provisioned
  principal_type TEXT NOT NULL,
  principal_id   TEXT NOT NULL,
  status         TEXT NOT NULL,
  failure_reason TEXT NOT NULL,
  failures       BIGINT NOT NULL,
  seen_to        TEXT NOT NULL, -- what was seen to last
  created_at     BIGINT NOT NULL,
  forget_at      BIGINT NOT NULL,
  holder         TEXT NOT NULL,
  held_until     BIGINT NOT NULL,
  attempts       BIGINT NOT NULL
);
CREATE INDEX access_requests_all ON access_requests (instance, kind, created_at, id);
CREATE INDEX access_requests_due ON access_requests (created_at, id) WHERE status = 'IN_PROGRESS';
CREATE INDEX access_requests_forget ON access_requests (forget_at);
CREATE INDEX access_requests_status ON access_requests (instance, kind, status, created_at, id);
CREATE INDEX access_requests_waiting ON access_requests (instance, created_at, id) WHERE status = 'IN_PROGRESS';

CREATE TABLE idle_roles (permission_set TEXT NOT NULL, account TEXT NOT NULL, PRIMARY KEY (permission_set, account));

CREATE TABLE external_ids (
  directory   TEXT NOT NULL,
  kind        TEXT NOT NULL, -- USER or GROUP
  external_id TEXT NOT NULL,
  issuer      TEXT NOT NULL,
  owner       TEXT NOT NULL,
  PRIMARY KEY (directory, kind, external_id, issuer)
);
CREATE INDEX external_ids_owner ON external_ids (owner);

CREATE TABLE directory_counts (
  directory TEXT NOT NULL,
  noun      TEXT NOT NULL, -- users, groups
  n         BIGINT NOT NULL,
  PRIMARY KEY (directory, noun)
);

CREATE TABLE directory_links (
  hash       TEXT PRIMARY KEY,
  purpose    TEXT NOT NULL, -- INVITATION, VERIFICATION or CODE
  user_id    TEXT NOT NULL,
  email      TEXT NOT NULL, -- where it went; one that is the person's no more proves nothing
  sent_at    BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  forget_at  BIGINT NOT NULL
);
CREATE INDEX directory_links_forget ON directory_links (forget_at);
CREATE INDEX directory_links_user ON directory_links (user_id, purpose);

CREATE TABLE directory_security (
  user_id              TEXT PRIMARY KEY,
  verified_email       TEXT NOT NULL,
  verification_sent_at BIGINT NOT NULL,
  last_sign_in_at      BIGINT NOT NULL
);

CREATE TABLE person_mfa_devices (
  id           TEXT PRIMARY KEY,
  user_id      TEXT NOT NULL,
  name         TEXT NOT NULL,
  kind         TEXT NOT NULL, -- WEBAUTHN or TOTP
  sealed       BLOB NOT NULL, -- the seed, or the credential as JSON
  drift        BIGINT NOT NULL,
  last_step    BIGINT NOT NULL,
  passkey      TEXT, -- fingerprint of the credential; NULL: none
  created_at   BIGINT NOT NULL,
  last_used_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX person_mfa_devices_passkey ON person_mfa_devices (passkey);
CREATE INDEX person_mfa_devices_user ON person_mfa_devices (user_id, created_at, id);

CREATE TABLE trusted_browsers (
  hash       TEXT PRIMARY KEY,
  user_id    TEXT NOT NULL,
  network    TEXT NOT NULL,
  agent      TEXT NOT NULL, -- hash
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  forget_at  BIGINT NOT NULL
);
CREATE INDEX trusted_browsers_forget ON trusted_browsers (forget_at);
CREATE INDEX trusted_browsers_user ON trusted_browsers (user_id);

CREATE TABLE person_favourites (
  user_id   TEXT NOT NULL,
  kind      TEXT NOT NULL, -- ACCOUNT or APPLICATION
  target    TEXT NOT NULL,
  marked_at BIGINT NOT NULL,
  PRIMARY KEY (user_id, kind, target)
);

CREATE TABLE responsibility_transfers (
  id          TEXT PRIMARY KEY,
  kind        TEXT NOT NULL,
  name        TEXT NOT NULL,
  target      TEXT NOT NULL REFERENCES organizations (id), -- who takes it
  source      TEXT NOT NULL, -- who gives it: type and id; addresses in lower case
  source_type TEXT NOT NULL,
  source_id   TEXT NOT NULL,
  status      TEXT NOT NULL, -- as it was left: nothing notes that an invitation has expired
  handshake   TEXT NOT NULL,
  expires_at  BIGINT NOT NULL, -- of the invitation
  resolved_at BIGINT NOT NULL,
  starts_at   BIGINT NOT NULL,
  ends_at     BIGINT NOT NULL, -- 0 for no end
  forget_at   BIGINT NOT NULL
);
CREATE INDEX responsibility_transfers_forget_at ON responsibility_transfers (forget_at);
CREATE UNIQUE INDEX responsibility_transfers_source ON responsibility_transfers (source, id);
CREATE UNIQUE INDEX responsibility_transfers_target ON responsibility_transfers (target, id);
