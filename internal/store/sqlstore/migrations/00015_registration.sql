-- +goose Up

-- How far the sign-up of an account has come.
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

-- How accounts pay. There is no card's number here, nor any code.
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
