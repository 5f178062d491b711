-- +goose Up

-- Documents are long: the column is the last, so that reading the others does
-- not go through them.
ALTER TABLE saml_providers ADD COLUMN uuid TEXT NOT NULL DEFAULT '';
ALTER TABLE saml_providers ADD COLUMN entity_id TEXT NOT NULL DEFAULT '';
ALTER TABLE saml_providers ADD COLUMN encryption TEXT NOT NULL DEFAULT '';
ALTER TABLE saml_providers ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
ALTER TABLE saml_providers ADD COLUMN private_keys BLOB; -- JSON, encrypted by the key ring; NULL: none
ALTER TABLE saml_providers ADD COLUMN metadata TEXT NOT NULL DEFAULT '';

INSERT INTO iam_counts (account, noun, n)
SELECT account, 'saml-providers', COUNT(*) FROM saml_providers GROUP BY account;

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
CREATE INDEX signing_certificates_user ON signing_certificates (account, user_id);
CREATE UNIQUE INDEX signing_certificates_hash ON signing_certificates (account, hash);

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
CREATE INDEX service_credentials_user ON service_credentials (user_id);
CREATE INDEX service_credentials_account ON service_credentials (account, id);
CREATE INDEX service_credentials_service ON service_credentials (account, service, id);
CREATE UNIQUE INDEX service_credentials_name ON service_credentials (account, service, user_name);
