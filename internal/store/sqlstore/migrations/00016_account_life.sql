-- +goose Up

-- How accounts came to their state: suspended or closed, and back.
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
