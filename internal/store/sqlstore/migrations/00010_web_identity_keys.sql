-- +goose Up

-- With what accounts sign the web identity tokens that they issue: one key for
-- each algorithm.
CREATE TABLE web_identity_keys (
  account    TEXT NOT NULL REFERENCES accounts (id),
  algorithm  TEXT NOT NULL,
  id         TEXT NOT NULL,
  sealed     BLOB NOT NULL, -- PKCS #8
  created_at BIGINT NOT NULL,
  PRIMARY KEY (account, algorithm)
);
