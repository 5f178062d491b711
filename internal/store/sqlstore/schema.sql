-- The schema that the migrations in migrations/ come to, as SQLite tells it. Do
-- not edit: go test ./internal/store/sqlstore -run TestSchema -update writes it.

CREATE TABLE organization (
  only_row           BIGINT PRIMARY KEY CHECK (only_row = 1),
  id                 TEXT NOT NULL,
  management_account TEXT NOT NULL,
  created_at         BIGINT NOT NULL
);

CREATE TABLE accounts (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  email      TEXT NOT NULL,
  email_key  TEXT,
  alias      TEXT,
  status     TEXT NOT NULL,
  ou_path    TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  from_file  BIGINT NOT NULL
);
CREATE UNIQUE INDEX accounts_alias ON accounts (alias);
CREATE UNIQUE INDEX accounts_email ON accounts (email_key);

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
);
CREATE UNIQUE INDEX roles_name ON roles (account, name_key);
CREATE UNIQUE INDEX roles_permission_set ON roles (permission_set, account);

CREATE TABLE saml_providers (
  account    TEXT NOT NULL REFERENCES accounts (id),
  name       TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
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

CREATE TABLE instance (
  only_row        BIGINT PRIMARY KEY CHECK (only_row = 1),
  id              TEXT NOT NULL,
  directory_id    TEXT NOT NULL,
  region          TEXT NOT NULL,
  subdomain       TEXT NOT NULL,
  session_seconds BIGINT NOT NULL,
  owner           TEXT NOT NULL,
  created_at      BIGINT NOT NULL
);

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
);
CREATE UNIQUE INDEX users_email ON users (email_key);
CREATE UNIQUE INDEX users_user_name ON users (user_name_key);

CREATE TABLE user_groups (
  id           TEXT PRIMARY KEY,
  display_name TEXT NOT NULL,
  description  TEXT NOT NULL,
  created_at   BIGINT NOT NULL,
  from_file    BIGINT NOT NULL
);
CREATE UNIQUE INDEX user_groups_display_name ON user_groups (display_name);

CREATE TABLE memberships (
  user_id  TEXT NOT NULL REFERENCES users (id),
  group_id TEXT NOT NULL REFERENCES user_groups (id),
  PRIMARY KEY (user_id, group_id)
);
CREATE UNIQUE INDEX memberships_group ON memberships (group_id, user_id);

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
);
CREATE UNIQUE INDEX permission_sets_name ON permission_sets (name);

CREATE TABLE assignments (
  principal_type TEXT NOT NULL,
  principal_id   TEXT NOT NULL,
  account        TEXT NOT NULL REFERENCES accounts (id),
  permission_set TEXT NOT NULL REFERENCES permission_sets (id),
  created_at     BIGINT NOT NULL,
  from_file      BIGINT NOT NULL,
  PRIMARY KEY (principal_type, principal_id, account, permission_set)
);
CREATE INDEX assignments_account ON assignments (account, permission_set);
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
);
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
);
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
);
CREATE INDEX events_account ON events (account, id);
CREATE INDEX events_name ON events (name, id);

CREATE TABLE changes (
  node       TEXT NOT NULL,
  id         TEXT NOT NULL,
  settled    TEXT NOT NULL,
  change_key TEXT NOT NULL, -- '' says that everything may have changed
  PRIMARY KEY (node, id)
);
