-- +goose Up

-- Whom to ask about an account.
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

-- The last change of an account's address that was begun.
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

-- Regions that accounts opted in to or out of.
CREATE TABLE account_regions (
  account TEXT NOT NULL REFERENCES accounts (id),
  region  TEXT NOT NULL,
  enabled BIGINT NOT NULL,
  at      BIGINT NOT NULL,
  PRIMARY KEY (account, region)
);
